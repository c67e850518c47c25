import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { cloneProject } from '../kit/program.ts';
import { useOwnProgram } from '../kit/run.ts';

const program = useOwnProgram();

/** A process of its own group, so that nothing of it outlives the test. */
function start(
  cwd: string,
  [command, ...args]: readonly [string, ...string[]],
  environment: Readonly<Record<string, string>> = {},
) {
  const child = spawn(command, args, {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], PORT: '0', ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  const exited = once(child, 'close').then(() => child.exitCode);
  onTestFinished(() => {
    if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, 'SIGKILL');
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  return { exited, output: () => output };
}

/** What `npm start -- --once` runs once it has built. */
const startBuilt = (environment: Readonly<Record<string, string>>, ...more: readonly string[]) =>
  start(program.folder, [process.execPath, path.join('local', 'start.ts'), '--once', ...more], environment);

test('npm start -- --once, in a clean clone, shows created, updated and linked records with their numbers, and ends with 0', async () => {
  const clone = await cloneProject();
  onTestFinished(() => rm(clone, { recursive: true }));
  const run = start(clone, ['npm', 'start', '--', '--once']);
  expect(await run.exited, run.output()).toBe(0);
  expect(run.output()).toMatch(/customer C-1001 +Port-Service Øst AS +\d+ +\d+ +yes +created, updated/);
  expect(run.output()).toMatch(/customer C-1003 +Fjordlast Spedisjon AS +10010 +10 +yes +linked, not doubled/);
  expect(run.output()).toMatch(/14 records: 11 created, 3 linked, 1 updated, 0 doubled; numbers of 14 written back/);
});

test('when the records do not get in sync, npm start -- --once says which and why, and ends with 1', async () => {
  const run = startBuilt({ NXT_EXTERNAL_ID_COLUMN: 'noSuchColumn' });
  expect(await run.exited).toBe(1);
  expect(run.output()).toMatch(/Not in sync after \d+ s:\n {2}erp\.schema: .*noSuchColumn.*\n.* customer C-1001/);
});

test.each([
  ['hubspot', /customer 1007 +Brygga Blikk og Varme +\d+ +\d+ +yes/, /customer 1003 .* merged/],
  ['superoffice', /customer 18 +Fjordlast Spedisjon AS +10010 +10 +yes +linked, not doubled/, /contact 18 .* cleared/],
])(
  'npm start -- --once --crm %s: created, linked, moved, merged and deleted, with the numbers in the CRM',
  async (crm, ...lines) => {
    const run = startBuilt({}, '--crm', crm);
    expect(await run.exited, run.output()).toBe(0);
    for (const line of lines) expect(run.output()).toMatch(line);
    expect(run.output()).toMatch(/contact \d+ +Kari Nordmann .* under actor 10\n/);
    expect(run.output()).toMatch(/ 0 doubled/);
  },
);
