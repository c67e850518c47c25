import { createRequire } from 'node:module';
import { z } from 'zod';

const module = z.object({
  nativeImport: z.custom<(url: string) => Promise<unknown>>((it) => typeof it === 'function'),
});

/**
 * Node's own `import()`, also under a test runner that rewrites the one written in a source file: the app has to load
 * the way the worker loads it. What is `require`d is not rewritten.
 */
export const { nativeImport } = module.parse(createRequire(import.meta.url)('./native-import.cjs'));
