import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { bundle } from '../../infra/bundle.ts';
import { median, round, type Benchmark } from './report.ts';
import { range } from './support/records.ts';

const root = path.join(import.meta.dirname, '../..');

const EMPTY = `import { app } from '@azure/functions';
app.http('hello', { methods: ['GET'], authLevel: 'anonymous', handler: async () => ({ body: 'hello' }) });
`;

/** (e) From `import()` to registered, in new processes by turns; both apps are bundled the same way. */
export const load: Benchmark = async ({ quick }) => {
  await mkdir(path.join(root, '.local'), { recursive: true });
  // Inside the project, so that the empty app finds the library.
  const work = await mkdtemp(path.join(root, '.local/load-'));
  try {
    await writeFile(path.join(work, 'package.json'), '{"type":"module"}');
    await writeFile(path.join(work, 'empty.ts'), EMPTY);
    const empty = await build(path.join(work, 'empty.ts'), path.join(work, 'empty'));
    const ours = await build(path.join(root, 'functions/index.ts'), path.join(work, 'ours'));
    loadTime(ours);
    loadTime(empty);
    const times = range(0, quick ? 5 : 21).map(() => ({ ours: loadTime(ours), empty: loadTime(empty) }));
    const ratio = median(times.map((each) => each.ours / each.empty));
    return {
      name: 'load',
      title: 'Load: the built app against an empty app on @azure/functions',
      figures: [
        { what: 'empty app', value: round(median(times.map((each) => each.empty)), 1), unit: 'ms' },
        { what: 'this app', value: round(median(times.map((each) => each.ours)), 1), unit: 'ms' },
        { what: 'this app / empty app, median', value: round(ratio) },
      ],
      notes: ['SDKs are loaded at the first invocation, not with the app.'],
    };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
};

async function build(entry: string, into: string): Promise<string> {
  await mkdir(into);
  for (const { name, bytes } of await bundle({ entry, into })) await writeFile(path.join(into, name), bytes);
  return path.join(into, 'main.js');
}

function loadTime(main: string): number {
  const code = `const start = performance.now(); await import(${JSON.stringify(main)}); console.log(performance.now() - start)`;
  // Outside a host the library says on standard error that it registers nothing.
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', code], { encoding: 'utf8' });
  return Number(stdout.trim().split('\n').at(-1));
}
