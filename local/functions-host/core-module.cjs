// What '@azure/functions-core' resolves to (see provide-core-module.ts).
module.exports = globalThis[Symbol.for('local.azure-functions-core')];
