import { SingleBar } from 'cli-progress';
import { recordText, tally, type Replayed, type ReplayAnswer, type Selection } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { ReplayFlags } from '../flags.ts';
import { actorOf } from '../selection.ts';
import { count, jsonLines, table } from '../text.ts';

const RESULTS: Readonly<Record<Replayed['result'], string>> = {
  replayed: 'queued again with its newest state',
  'would-replay': 'would be queued again with its newest state',
  superseded: 'nothing to replay: a newer state came in and is on its way',
  'being-replayed': 'a replay of it is under way already',
  'not-now': 'something stands in its way: `record` says what',
  'needs-choice': 'both sides changed it: `reconcile settle` says whose value counts',
  freed: 'it had not failed; it is tried now instead of later',
  'would-free': 'it has not failed; it would be tried now instead of later',
  'payload-expired': 'its values were deleted when their time was over: the CRM must send it again',
};

/** Queues the selected records again, notes it in the audit list and says per record what happened. */
export async function replayFailures(
  session: Session,
  selection: Selection,
  flags: ReplayFlags,
  action?: string,
): Promise<ExitCode> {
  const { context, operations, goesOn } = session;
  const { dryRun = false, cap, release = false, create = false, rate: perSecond } = flags;
  const bar = context.isTerminal && !flags.json && !dryRun ? new SingleBar({ format: '{bar} {value} records' }) : null;
  bar?.start(cap ?? 0, 0);
  const answer = await (
    await operations()
  ).replay(
    {
      selection,
      dryRun,
      release,
      create,
      perSecond,
      ...(action !== undefined && { action }),
      ...(cap !== undefined && { cap }),
    },
    actorOf(context, flags),
    () => {
      goesOn();
      bar?.increment();
    },
  );
  bar?.stop();
  report(session, answer, flags);
  return answer.results.some(({ result }) => result === 'payload-expired') ? 1 : 0;
}

function report({ context: { out, err } }: Session, { results, left }: ReplayAnswer, flags: ReplayFlags): void {
  const more = left > 0 ? `${count(left, 'record')} left: run it again` : null;
  if (flags.json) {
    jsonLines(
      out,
      results.map(({ ref, code, result }) => ({ ...ref, code, result })),
    );
    if (more !== null) err(more);
    return;
  }
  if (results.length === 0) {
    out('Nothing to replay: no record that needs a person fits.');
    return;
  }
  out(
    table(
      ['record', 'code', 'result'],
      results.map(({ ref, code, result }) => [recordText(ref), code, result]),
    ),
  );
  out('');
  for (const [result, number] of Object.entries(tally(results.map((each) => each.result)))) {
    out(`${result}: ${count(number, 'record')} (${RESULTS[result as Replayed['result']]})`);
  }
  if (more !== null) out(more);
  out(flags.dryRun ? 'Dry run: nothing was changed.' : ending(results));
}

function ending(replayed: readonly Replayed[]): string {
  const isAny = replayed.some(({ result }) => result === 'replayed' || result === 'freed');
  return isAny ? '`status` shows when they are applied; what fails again is listed again.' : 'Nothing was replayed.';
}
