import { build } from 'esbuild';
import { basename } from 'node:path';

export interface BundledFile {
  readonly name: string;
  readonly bytes: Buffer;
}

/** CommonJS packages inside an ESM bundle ask for `require`; the worker patches it to serve `@azure/functions-core`. */
const REQUIRE_BANNER =
  "import { createRequire as __createRequire } from 'node:module'; const require = __createRequire(import.meta.url);";

/**
 * Bundles one entry file and all it imports into main.js and its chunks, for the Node that the function app runs.
 * `into` is where they will be written, by the caller.
 *
 * Splitting keeps what is imported with `await import()` in chunks of its own, read when first needed: the identity and
 * vault SDKs are most of the bytes and none of the work of an invocation that finds everything cached.
 * Same source and lock file, same bytes: chunk names are content hashes, and no path of the machine is in them.
 */
export async function bundle(options: { readonly entry: string; readonly into: string }): Promise<BundledFile[]> {
  const result = await build({
    entryPoints: { main: options.entry },
    outdir: options.into,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    // The `import` condition's files; falling back to CommonJS only where a package has nothing else.
    mainFields: ['module', 'main'],
    // Given by the host at run time. It must stay a `require`, because that is what the worker patches.
    external: ['@azure/functions-core'],
    banner: { js: REQUIRE_BANNER },
    chunkNames: '[name]-[hash]',
    // Names stay: a stack trace and an error's class read the same as in the source, also where no source map is at hand.
    // (esbuild's keepNames would say each name at run time, for every closure that is made: 3 % of a webhook's CPU.)
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    sourcemap: 'linked',
    sourcesContent: true,
    treeShaking: true,
    write: false,
    logLevel: 'warning',
  });
  return result.outputFiles
    .map((file) => ({ name: basename(file.path), bytes: Buffer.from(file.contents) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}
