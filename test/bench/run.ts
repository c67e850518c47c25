import { mkdir, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { burstOnOne } from './burst.ts';
import { importFiles } from './import.ts';
import { intake } from './intake.ts';
import { limits } from './limits.ts';
import { load } from './load.ts';
import { lone } from './lone.ts';
import { memory } from './memory.ts';
import { isMet, toMarkdown, toText, type Benchmark, type Section } from './report.ts';
import { sync } from './sync.ts';

/** `npm run bench`: each benchmark has both sides of its ratio in the same run, so that the machine's speed cancels out. */
const BENCHMARKS: Readonly<Record<string, Benchmark>> = {
  intake,
  sync,
  burst: burstOnOne,
  load,
  lone,
  limits,
  memory,
  import: importFiles,
};

const command = new Command('bench')
  .option('--only <names>', `some of ${Object.keys(BENCHMARKS).join(',')}`)
  .option('--quick', 'small amounts: for trying it out, not for its figures')
  .parse();
const { only, quick = false } = command.opts<{ only?: string; quick?: boolean }>();
const names = only?.split(',') ?? Object.keys(BENCHMARKS);
const unknown = names.filter((name) => BENCHMARKS[name] === undefined);
if (unknown.length > 0) command.error(`no benchmark ${unknown.join(', ')}`);

const folder = path.join(import.meta.dirname, '../../.local');
await mkdir(folder, { recursive: true });
const sections: Section[] = [];
for (const name of names) {
  console.log(`\n${name} …`);
  const section = await BENCHMARKS[name]?.({ quick, say: (text) => console.log(`  ${text}`) });
  if (section === undefined) continue;
  sections.push(section);
  console.log(toText(section));
  await write();
}

/** After each one, so that an interrupted run has kept what it knows. */
async function write(): Promise<void> {
  const about = {
    at: new Date().toISOString(),
    node: process.version,
    cpus: os.availableParallelism(),
    loadAverage: os.loadavg(),
    quick,
  };
  await writeFile(path.join(folder, 'bench.json'), `${JSON.stringify({ ...about, sections }, null, 2)}\n`);
  await writeFile(path.join(folder, 'bench.md'), sections.map(toMarkdown).join('\n'));
}

const missed = sections.flatMap(({ figures }) => figures).filter((figure) => isMet(figure) === false);
console.log(`\n${missed.length === 0 ? 'All targets met.' : `${missed.length} targets missed.`} See .local/bench.json`);
process.exitCode = missed.length === 0 ? 0 : 1;
