import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

/** `npm run build`: functions/index.ts and everything below it into dist/main.js. */
const root = fileURLToPath(new URL('..', import.meta.url));

await rm(`${root}dist`, { recursive: true, force: true });
const files = await bundle({ entry: `${root}functions/index.ts`, into: `${root}dist` });
const total = files.reduce((sum, file) => sum + file.bytes, 0);
for (const file of files) console.log(`${(file.bytes / 1024).toFixed(1).padStart(9)} KiB  dist/${file.name}`);
console.log(`${(total / 1024).toFixed(1).padStart(9)} KiB  in all, without source maps`);
