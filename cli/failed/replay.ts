import { setTimeout as delay } from 'node:timers/promises';
import { SingleBar } from 'cli-progress';
import type { Command } from 'commander';
import { listFailures, replay, type Replayed, type Selection, type SyncDeps } from '../../shared/sync/index.ts';
import type { Context, ExitCode } from '../context.ts';
import { atLeastOne, selectionText } from '../selection.ts';
import { count, json, recordText, table, tally } from '../text.ts';
import { intentOf, type WhoFlags } from '../who.ts';

export interface ReplayFlags extends WhoFlags {
  readonly dryRun?: boolean;
  readonly cap?: number;
  readonly rate: number;
  readonly release?: boolean;
  readonly json?: boolean;
}

const DEFAULT_RATE = 20;

export const addReplayFlags = (command: Command): Command =>
  command
    .option('--dry-run', 'say what would happen, change nothing')
    .option('--cap <n>', 'replay at most so many records; run it again for the rest', atLeastOne)
    .option(
      '--rate <per-second>',
      'so many records a second; the ERP’s own limit holds besides',
      atLeastOne,
      DEFAULT_RATE,
    )
    .option('--json', 'for scripts');

const RESULTS: Readonly<Record<Replayed['result'], string>> = {
  replayed: 'queued again with its newest state',
  superseded: 'nothing to replay: a newer state came in and is on its way',
  'being-replayed': 'a replay of it is under way already',
  'payload-expired': 'its values were deleted when their time was over: the CRM must send it again',
};

/** Queues the selected records again, notes it in the audit list and says per record what happened. */
export async function replayFailures(
  context: Context,
  deps: SyncDeps,
  selection: Selection,
  flags: ReplayFlags,
  action = 'failed.replay',
): Promise<ExitCode> {
  const dryRun = flags.dryRun === true;
  const cap = flags.cap ?? Infinity;
  const found = (await listFailures(deps, selection)).length;
  const pace = pacer(context, Math.min(found, cap), flags);
  const work = () => replay(deps, selection, { dryRun, cap, release: flags.release === true, pace: () => pace.next() });
  const noted = async () => {
    const value = await work();
    return { value, count: value.length, results: tally(value.map(({ result }) => result)) };
  };
  const replayed =
    dryRun || found === 0
      ? await work()
      : await deps.audit.during(intentOf(context, flags, action, selectionText(selection)), noted);
  pace.stop();
  report(context, replayed, found, flags);
  return replayed.some(({ result }) => result === 'payload-expired') ? 1 : 0;
}

function report({ out }: Context, replayed: readonly Replayed[], found: number, flags: ReplayFlags): void {
  const summary = tally(replayed.map(({ result }) => result));
  const left = found - replayed.length;
  if (flags.json) {
    const results = replayed.map(({ ref, code, result }) => ({ ...ref, code, result }));
    out(json({ dryRun: flags.dryRun === true, results, summary, left }));
    return;
  }
  if (replayed.length === 0) {
    out('Nothing to replay: no failed record fits.');
    return;
  }
  out(
    table(
      ['record', 'code', 'result'],
      replayed.map(({ ref, code, result }) => [recordText(ref), code, result]),
    ),
  );
  out('');
  for (const [result, number] of Object.entries(summary)) {
    out(`${result}: ${count(number, 'record')} (${RESULTS[result as Replayed['result']]})`);
  }
  if (left > 0) out(`${count(left, 'record')} left: run it again`);
  out(flags.dryRun ? 'Dry run: nothing was changed.' : ending(replayed));
}

function ending(replayed: readonly Replayed[]): string {
  const isAny = replayed.some(({ result }) => result === 'replayed');
  return isAny ? '`status` shows when they are applied; what fails again is listed again.' : 'Nothing was replayed.';
}

/** Keeps the rate, and shows a bar where a person watches. */
function pacer({ isTerminal }: Context, total: number, { rate, json: asJson }: ReplayFlags) {
  const bar = isTerminal && asJson !== true && total > rate ? new SingleBar({ format: '{bar} {value}/{total}' }) : null;
  bar?.start(total, 0);
  let nextAt = Date.now();
  return {
    async next(): Promise<void> {
      bar?.increment();
      nextAt = Math.max(Date.now(), nextAt + 1000 / rate);
      await delay(Math.max(0, nextAt - Date.now()));
    },
    stop: () => bar?.stop(),
  };
}
