import { Failure } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import { readHighest, type ReadDeps } from '../associates/read.ts';
import type { WriteOutcome } from '../associates/types.ts';
import type { Job } from './collector.ts';
import type { Interval } from './create-request.ts';
import { groupsOf, sendGroups, type Allowance } from './isolate.ts';
import { recordsOwn, type Judge } from './judge.ts';
import { smallerSize, type JobSuspects } from './batch-size.ts';

/** What a batch of writes needs to say whose fault it is that a request failed as a whole. */
export interface WholeDeps<Input> {
  readonly judge: Judge;
  readonly suspects: JobSuspects<Input, WriteOutcome>;
}

interface Whole<Input> {
  readonly operation: string;
  readonly columns: Columns;
  readonly jobs: readonly Job<Input, WriteOutcome>[];
  readonly failure: Failure;
}

/** The request surely did nothing: taken apart at once, until the row that was the cause stands alone. */
export async function settleRefused<Input>(
  { judge }: Pick<WholeDeps<Input>, 'judge'>,
  { operation, columns, jobs, failure }: Whole<Input>,
  allowance: Allowance,
  again: (jobs: readonly Job<Input, WriteOutcome>[]) => Promise<void>,
): Promise<void> {
  const everybodys = await judge.judge({ kind: 'refused', failure }, operation, columns);
  if (everybodys !== null || jobs.length === 1) {
    for (const job of jobs) job.reject(everybodys ?? recordsOwn(failure));
    return;
  }
  await sendGroups(groupsOf(jobs, smallerSize(jobs.length)), allowance, again, recordsOwn(failure));
}

/**
 * The request may have been carried out: nothing may be sent again before the doubt has passed. Then the rows go in
 * smaller requests; one that is lost again although it is alone, while others are answered, is its own cause.
 */
export async function settleLost<Input>(
  { judge, suspects }: WholeDeps<Input>,
  { operation, columns, jobs, failure }: Whole<Input>,
): Promise<void> {
  const [only] = jobs;
  const isAlone = only !== undefined && jobs.length === 1 && suspects.has(only);
  suspects.add(jobs);
  let cause = failure;
  if (isAlone) cause = (await judge.judge({ kind: 'lost', failure }, operation, columns)) ?? recordsOwn(failure);
  else judge.note(failure, operation, columns);
  for (const job of jobs) job.resolve({ kind: 'lost', cause });
}

/**
 * The failure of one refused row, once it is sure that it is only that row's: an error nobody knows may be what every
 * answer holds just now, and a wording that speaks of a full interval may quote a name.
 */
export async function confirmed(
  deps: ReadDeps & { readonly judge: Judge; readonly interval?: Interval },
  operation: string,
  columns: Columns,
  failure: Failure,
): Promise<Failure> {
  if (failure.code === 'erp.unknown') {
    return (await deps.judge.judge({ kind: 'refused', failure }, operation, columns)) ?? failure;
  }
  if (failure.code !== 'erp.number-interval-full' || deps.interval === undefined) return failure;
  try {
    const isFull = (await readHighest(deps, columns, deps.interval)) >= deps.interval.to;
    return isFull ? failure : new Failure('erp.row-refused', failure.details);
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}
