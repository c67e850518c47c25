import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Job } from '../batch/collector.ts';
import { allowanceFor, groupsOf, sendGroups, type Allowance } from '../batch/isolate.ts';
import { recordsOwn, type Judge } from '../batch/judge.ts';
import { smallerSize, type JobSuspects } from '../batch/batch-size.ts';
import type { Columns } from './columns.ts';
import { columnName, highestDocument, probeDocument, readDocument } from './documents.ts';
import type { Pass } from '../limits/gate.ts';
import { readRow } from './rows.ts';
import { filterOf, fits, type Filter } from './selectors.ts';
import type { Transport } from '../http/transport.ts';
import type { AssociateRow, Selector } from './types.ts';

/** Public code reads 500 rows a page; a higher maximum is not confirmed. */
const PAGE_SIZE = 500;

export interface ReadDeps {
  readonly transport: Transport;
  /** NXT_COMPANY_NO */
  readonly company: number;
}

export type FindJob = Job<{ readonly selector: Selector; readonly columns: Columns }, readonly AssociateRow[]>;

const page = z.object({
  rows: z.object({ pageInfo: z.object({ hasNextPage: z.boolean() }), items: z.array(z.unknown()) }),
});
const highest = z.object({ rows: z.object({ items: z.array(z.object({ customerNo: z.int().nullish() })) }) });

/**
 * Pages of rows by ascending associate number, from the last one seen on (cursors look like offsets and would shift when
 * rows come or go). Ends only when the ERP says that there is no next page.
 */
export async function* readPages(
  { transport, company }: ReadDeps,
  columns: Columns,
  name: string,
  filter: Filter | undefined,
  { firstPass, tries = 1 }: PageOptions = {},
): AsyncGenerator<readonly AssociateRow[]> {
  const document = readDocument(columns, name);
  const key = columnName(columns, 'associateNo');
  let pass = firstPass;
  for (let last = 0, more = true; more;) {
    const after = { [key]: { _gt: last } };
    const variables = { company, first: PAGE_SIZE, filter: filter === undefined ? after : { _and: [after, filter] } };
    // Without a filter no record is in it.
    const judged = filter === undefined ? {} : { isJudged: true as const };
    const answer = await askPage(transport, { name, document, variables, ...judged }, pass, tries);
    pass = undefined;
    const parsed = page.safeParse(answer.fields);
    if (!parsed.success) throw new Failure('erp.schema', { detail: "the ERP's answer to a read" });
    const rows = parsed.data.rows.items.map(readRow);
    more = parsed.data.rows.pageInfo.hasNextPage;
    const reached = rows.at(-1)?.associateNo ?? last;
    // Without progress the next page would be this one again, for ever.
    if (more && reached <= last) throw new Failure('erp.unknown', { detail: 'a page without progress' });
    last = reached;
    yield rows;
  }
}

interface PageOptions {
  readonly firstPass?: Pass | undefined;
  /** Requests for one page, where the ERP cannot answer just now: of a hundred pages one would end the whole read. */
  readonly tries?: number;
}

async function askPage(
  transport: Transport,
  operation: Parameters<Transport['ask']>[0],
  pass: Pass | undefined,
  tries: number,
): ReturnType<Transport['ask']> {
  try {
    return await transport.ask(operation, pass);
  } catch (error) {
    if (tries <= 1 || !(error instanceof Failure) || error.decision !== 'retry') throw error;
    return askPage(transport, operation, undefined, tries - 1);
  }
}

/** Every row that fits at least one selector. */
export async function readAll(
  deps: ReadDeps,
  columns: Columns,
  selectors: readonly Selector[],
  pass?: Pass,
): Promise<readonly AssociateRow[]> {
  const filter = filterOf(columns, selectors);
  if (filter === undefined) {
    pass?.leave('answered');
    return [];
  }
  const found: AssociateRow[] = [];
  for await (const rows of readPages(deps, columns, 'associate_find', filter, { firstPass: pass })) {
    found.push(...rows.filter((row) => selectors.some((selector) => fits(row, selector))));
  }
  return found;
}

export interface FindDeps extends ReadDeps {
  readonly judge: Judge;
  readonly suspects: JobSuspects<FindJob['input'], readonly AssociateRow[]>;
}

/**
 * Answers many lookups with one read. One that fails for a reason of its own is taken apart, so that the lookup that
 * was the cause fails alone.
 */
export async function runFinds(
  deps: FindDeps,
  jobs: readonly FindJob[],
  pass?: Pass,
  given?: Allowance,
): Promise<void> {
  const columns = jobs[0]?.input.columns;
  if (columns === undefined) return;
  const selectors = jobs.map((job) => job.input.selector);
  try {
    const rows = await readAll(deps, columns, selectors, pass);
    for (const job of jobs) job.resolve(rows.filter((row) => fits(row, job.input.selector)));
  } catch (error) {
    const failure = error instanceof Failure ? await judged(error) : error;
    const rejectAll = () => jobs.forEach((job) => job.reject(failure));
    if (!(failure instanceof Failure) || failure.scope === 'global' || failure.decision === 'bug') rejectAll();
    else if (jobs.length === 1) rejectAll();
    else if (error instanceof Failure && error.code === 'erp.timeout') {
      // Taking it apart now would outlast the leases; each comes again in a moment, in smaller company.
      deps.suspects.add(jobs);
      for (const job of jobs) job.reject(error);
    } else {
      const allowance = given ?? allowanceFor(jobs.length);
      const again = (group: readonly FindJob[]) => runFinds(deps, group, undefined, allowance);
      await sendGroups(groupsOf(jobs, smallerSize(jobs.length)), allowance, again, failure);
    }
  }

  async function judged(failure: Failure): Promise<Failure> {
    if (columns === undefined) return failure;
    const everybodys = await deps.judge.judge({ kind: 'lost', failure }, 'associate_find', columns);
    if (everybodys !== null) return everybodys;
    return failure.scope === 'record' ? failure : recordsOwn(failure);
  }
}

/** Highest customer number in use; 0 when none is. */
export async function readHighest(
  { transport, company }: ReadDeps,
  columns: Columns,
  interval?: { readonly from: number; readonly to: number },
): Promise<number> {
  const key = columnName(columns, 'customerNo');
  const { from, to } = interval ?? { from: 1, to: 0x7fffffff };
  const filter = { _and: [{ [key]: { _gte: from } }, { [key]: { _lte: to } }] };
  const operation = { name: 'associate_highest', document: highestDocument(columns), variables: { company, filter } };
  const parsed = highest.safeParse((await transport.ask(operation)).fields);
  if (!parsed.success) throw new Failure('erp.schema', { detail: "the ERP's answer about customer numbers" });
  return parsed.data.rows.items[0]?.customerNo ?? 0;
}

/** One row at most: proves token, company and the columns. */
export async function probe({ transport, company }: ReadDeps, columns: Columns): Promise<void> {
  await transport.ask({ name: 'associate_probe', document: probeDocument(columns), variables: { company } });
}
