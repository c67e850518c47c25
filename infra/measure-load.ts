import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle } from './bundle.ts';

/**
 * `node infra/measure-load.ts [rounds]`: how long the app takes to load, against an empty `@azure/functions` app bundled
 * the same way. Both are loaded in turn in processes of their own, so that a busy machine slows both.
 * docs/decisions/0021 says how the same was measured through the real worker.
 */
const rounds = Number(process.argv[2] ?? 20);
const root = fileURLToPath(new URL('..', import.meta.url));

const EMPTY = `import { app } from '@azure/functions';
app.http('hello', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ body: 'hello' }) });
`;

await mkdir(join(root, '.local'), { recursive: true });
const work = await mkdtemp(join(root, '.local/load-'));
try {
  await writeFile(join(work, 'empty.ts'), EMPTY);
  await writeFile(join(work, 'package.json'), '{"type":"module"}');
  const empty = await build(join(work, 'empty.ts'), 'empty');
  const ours = await build(join(root, 'functions/index.ts'), 'ours');
  load(ours);
  load(empty);
  const times = Array.from({ length: rounds }, () => [load(ours), load(empty)] as const);
  const [own, least] = [median(times.map(([first]) => first)), median(times.map(([, second]) => second))];
  console.log(`load ${own.toFixed(1)} ms, empty app ${least.toFixed(1)} ms: ${(own / least).toFixed(2)} times`);
} finally {
  await rm(work, { recursive: true, force: true });
}

async function build(entry: string, name: string): Promise<string> {
  const into = join(work, name);
  await mkdir(into);
  for (const file of await bundle({ entry, into })) await writeFile(join(into, file.name), file.bytes);
  return join(into, 'main.js');
}

/** Milliseconds from `import()` to registered, in a new process. Outside a host the library says so: not of interest. */
function load(main: string): number {
  const code = `const start = performance.now(); await import(${JSON.stringify(main)}); console.log(performance.now() - start)`;
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1] ?? NaN;
}
