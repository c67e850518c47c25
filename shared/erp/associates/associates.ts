import type { CustomerNo } from '../../record/index.ts';
import { Failure, type FailureCode } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import { systemClock, type Clock } from '../http/clock.ts';
import { createBatchSize, isAnswered, createSuspects, type JobSuspects } from '../batch/batch-size.ts';
import { createJudge } from '../batch/judge.ts';
import { createCollector, type Job } from '../batch/collector.ts';
import { lacksNames, resolveColumns, withNames, type Columns, type ColumnSettings } from './columns.ts';
import { assertCreatable, runCreates } from '../batch/create.ts';
import type { Create, CreateJob } from '../batch/create-request.ts';
import { deleteRow } from '../batch/delete.ts';
import type { Gate, Pass } from '../limits/gate.ts';
import { readFacts } from './facts.ts';
import { introspect } from './introspection.ts';
import { readModel } from './model.ts';
import { createNumbering } from '../batch/numbering.ts';
import { probe, readHighest, readPages, runFinds, type FindJob } from './read.ts';
import { assertSendable, toErasure, toInput } from './rows.ts';
import { createTokens, type TokenDeps } from '../http/token.ts';
import { createTransport, type RequestLine, type TransportDeps } from '../http/transport.ts';
import type { OnVerdict } from '../http/verdict.ts';
import type { Associates, AssociateRow, NewRow, Selector, WriteOutcome } from './types.ts';
import { runUpdates, type Update } from '../batch/update.ts';

export type NxtSettings = ColumnSettings &
  TokenDeps['settings'] &
  TransportDeps['settings'] &
  Pick<Settings, 'NXT_COMPANY_NO' | 'NXT_CUSTOMER_NUMBER_FROM' | 'NXT_CUSTOMER_NUMBER_TO'>;

export interface NxtDeps extends Pick<TokenDeps, 'credentials' | 'refreshCredentials'> {
  readonly settings: NxtSettings;
  readonly gate: Gate;
  /** One call per HTTP request, for the log. */
  readonly onRequest?: (line: RequestLine) => void;
  /** What the flow should know: an answer, or a failure that every record would meet. */
  readonly onVerdict?: OnVerdict;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
}

export interface NxtAssociates extends Associates {
  /** The columns found in the company's schema and what works differently there; throws as `probe` does. */
  schema(): Promise<Columns>;
  /** What Visma does not document, as the company's schema and model say it; nothing of any row. */
  facts(): Promise<Readonly<Record<string, unknown>>>;
}

/** How long the first call of a batch waits for company. */
const WINDOW_MS = 25;
/** Rows or selectors in one request; the ERP's own maximum is not known. */
const BATCH_SIZE = 100;

/** Requests for one page of the whole table. Fewer than the failures in a row that stop the flow. */
const SCAN_TRIES = 3;

/** The ERP's party table over its GraphQL API. */
export function createAssociates(deps: NxtDeps): NxtAssociates {
  const { settings, gate, clock = systemClock, onRequest = () => undefined, onVerdict = () => undefined } = deps;
  const fetchNow: typeof fetch = deps.fetch ?? ((...request) => fetch(...request));
  const tokens = createTokens({ ...deps, clock, fetch: fetchNow });
  const transport = createTransport({ settings, tokens, gate, clock, fetch: fetchNow, onRequest, onVerdict });
  const columns = createColumnCache(async () => {
    const found = await introspect(transport);
    const named = lacksNames(found, settings) ? withNames(found, await readModel(transport)) : found;
    return resolveColumns(named, settings);
  });
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = settings;
  const interval = from !== undefined && to !== undefined ? { from, to } : undefined;
  const reading = { transport, company: settings.NXT_COMPANY_NO };
  const judging = { ...reading, judge: createJudge({ ...reading, onVerdict }) };
  const creating = { ...judging, ...(interval === undefined ? {} : { interval }) };

  /** Each kind of request finds its own size, and remembers which of its records may have spoiled a batch. */
  const collector = <Input, Outcome>(
    largest: number,
    nameOf: (input: Input) => string | number,
    run: (jobs: readonly Job<Input, Outcome>[], pass: Pass, suspects: JobSuspects<Input, Outcome>) => Promise<void>,
    isExclusive = true,
  ) => {
    const size = createBatchSize(largest);
    const known = createSuspects(() => clock.now());
    const suspects: JobSuspects<Input, Outcome> = {
      add: (jobs) => known.add(jobs.map(({ input }) => nameOf(input))),
      has: ({ input }) => known.companyOf(nameOf(input)) !== null,
    };
    const cleared = (job: Job<Input, Outcome>): Job<Input, Outcome> => ({
      ...job,
      resolve(outcome) {
        if (isAnswered(outcome)) known.clear(nameOf(job.input));
        job.resolve(outcome);
      },
    });
    return createCollector<Input, Outcome>({
      clock,
      windowMs: WINDOW_MS,
      maxSize: size.most,
      enter: () => transport.enter(),
      companyOf: (input) => known.companyOf(nameOf(input)),
      run: (jobs, pass) => run(size.watch(jobs.map(cleared)), pass, suspects),
      ...(isExclusive && { keyOf: nameOf }),
    });
  };
  const find = collector<FindJob['input'], readonly AssociateRow[]>(
    BATCH_SIZE,
    ({ selector }) => selector.externalId ?? selector.associateNo ?? selector.contactsOf ?? '',
    (jobs, pass, suspects) => runFinds({ ...judging, suspects }, jobs, pass),
    false,
  );
  const runCreate = (jobs: readonly CreateJob[], pass: Pass, suspects: JobSuspects<Create, WriteOutcome>) =>
    runCreates({ ...creating, suspects }, jobs, pass);
  const idOf = ({ row }: Create) => row.values.externalId ?? '';
  const createMany = collector(BATCH_SIZE, idOf, runCreate);
  /** Without an external id an answer cannot be matched to its row, so each has a request of its own. */
  const createOne = collector(1, idOf, runCreate, false);
  const update = collector<Update, WriteOutcome>(
    BATCH_SIZE,
    ({ associateNo }) => associateNo,
    (jobs, pass, suspects) => runUpdates({ ...judging, suspects }, jobs, pass),
  );

  const highest = async (within?: { readonly from: number; readonly to: number }) =>
    columns.use((found) => readHighest(reading, found, within));
  const numbering = createNumbering(
    interval,
    () => highest(interval),
    () => clock.now(),
  );

  const change = (given: Omit<Update, 'columns' | 'isErasure'> & { readonly isErasure?: true }) =>
    columns.use(async (found): Promise<WriteOutcome> => {
      const { associateNo, values, isErasure = false } = given;
      assertSendable(values);
      if (Object.keys(isErasure ? toErasure(found, values) : toInput(found, values)).length > 0) {
        return update({ ...given, isErasure, columns: found });
      }
      const [row] = await find({ selector: { associateNo }, columns: found });
      return row === undefined ? { kind: 'gone' } : { kind: 'written', row };
    });

  return {
    find: (selector: Selector) => columns.use((found) => find({ selector, columns: found })),
    create: (row: NewRow, beforeSend) =>
      columns.use((found) => {
        assertCreatable(row, found);
        const create = found.by.externalId === undefined ? createOne : createMany;
        const send = (each: NewRow) => create({ row: each, beforeSend, columns: found });
        const unnumbered = row.kind === 'customer' && !((row.values.customerNo ?? 0) > 0);
        return unnumbered && interval && !found.suggestsNumbers ? numbering.create(row, send) : send(row);
      }),
    update: (associateNo, values, beforeSend, expected) => change({ associateNo, values, beforeSend, expected }),
    erase: (associateNo, values, beforeSend) => change({ associateNo, values, beforeSend, isErasure: true }),
    delete: (associateNo, beforeSend) => columns.use((found) => deleteRow(judging, found, associateNo, beforeSend)),
    highestCustomerNo: highest,
    nextCustomerNo: async () => (await numbering.next()) as CustomerNo,
    scan: async function* () {
      yield* readPages(reading, await columns.get(), 'associate_scan', undefined, { tries: SCAN_TRIES });
    },
    changedSince: async function* (since) {
      const found = await columns.get();
      if (found.changedStamp === null) return;
      yield* readPages(reading, found, 'associate_changed', { [found.changedStamp]: { _gte: since } });
    },
    probe: () => columns.use((found) => probe(reading, found)),
    schema: () => columns.get(),
    facts: () => readFacts(transport),
  };
}

const RENEWING: readonly FailureCode[] = ['erp.schema', 'erp.unreadable'];

/** The schema is read at first use and again after the ERP called an operation invalid: it changes almost daily. */
function createColumnCache(read: () => Promise<Columns>) {
  let current: Promise<Columns> | undefined;
  const get = (): Promise<Columns> => {
    const reading = (current ??= read());
    reading.catch(() => {
      if (current === reading) current = undefined;
    });
    return reading;
  };
  return {
    get,
    use: async <Result>(work: (columns: Columns) => Promise<Result>): Promise<Result> => {
      try {
        return await work(await get());
      } catch (error) {
        if (error instanceof Failure && RENEWING.includes(error.code)) current = undefined;
        throw error;
      }
    },
  };
}
