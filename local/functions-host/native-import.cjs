exports.nativeImport = (url) => import(url);
