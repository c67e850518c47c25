import type { CustomerNo } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import { systemClock, type Clock } from '../http/clock.ts';
import { createBatchSize } from '../batch/batch-size.ts';
import { createCollector, type CollectorOptions } from '../batch/collector.ts';
import { resolveColumns, type Columns, type ColumnSettings } from './columns.ts';
import { assertCreatable, runCreates } from '../batch/create.ts';
import type { Create } from '../batch/create-request.ts';
import { deleteRow } from '../batch/delete.ts';
import type { Gate } from '../limits/gate.ts';
import { introspect } from './introspection.ts';
import { createLocalGate } from '../limits/local-gate.ts';
import { createNumbering } from '../batch/numbering.ts';
import { probe, readHighest, readPages, runFinds, type FindJob } from './read.ts';
import { assertSendable, toInput } from './rows.ts';
import { createTokens, type TokenDeps } from '../http/token.ts';
import { createTransport, type RequestLine, type TransportDeps } from '../http/transport.ts';
import type { Associates, AssociateRow, NewRow, Selector, WriteOutcome } from './types.ts';
import { runUpdates, type Update } from '../batch/update.ts';

export type NxtSettings = ColumnSettings &
  TokenDeps['settings'] &
  TransportDeps['settings'] &
  Pick<
    Settings,
    | 'NXT_COMPANY_NO'
    | 'NXT_CUSTOMER_NUMBER_FROM'
    | 'NXT_CUSTOMER_NUMBER_TO'
    | 'NXT_REQUESTS_PER_MINUTE'
    | 'NXT_MAX_IN_PROGRESS'
  >;

export interface NxtDeps extends Pick<TokenDeps, 'credentials' | 'refreshCredentials'> {
  readonly settings: NxtSettings;
  /** Left out: the limits hold for this process alone. */
  readonly gate?: Gate;
  /** One call per HTTP request, for the log. */
  readonly onRequest?: (line: RequestLine) => void;
  readonly clock?: Clock;
  readonly fetch?: typeof fetch;
}

export interface NxtAssociates extends Associates {
  /** The columns found in the company's schema and what works differently there; throws as `probe` does. */
  schema(): Promise<Columns>;
}

/** How long the first call of a batch waits for company. */
const WINDOW_MS = 25;
/** Rows or selectors in one request; the ERP's own maximum is not known. */
const BATCH_SIZE = 100;

/** The ERP's party table over its GraphQL API. */
export function createAssociates(deps: NxtDeps): NxtAssociates {
  const { settings, clock = systemClock, onRequest = () => undefined } = deps;
  const fetchNow: typeof fetch = deps.fetch ?? ((...request) => fetch(...request));
  const gate =
    deps.gate ??
    createLocalGate({
      requestsPerMinute: settings.NXT_REQUESTS_PER_MINUTE,
      inProgress: settings.NXT_MAX_IN_PROGRESS,
      clock,
    });
  const tokens = createTokens({ ...deps, clock, fetch: fetchNow });
  const transport = createTransport({ settings, tokens, gate, clock, fetch: fetchNow, onRequest });
  const columns = createColumnCache(async () => resolveColumns(await introspect(transport), settings));
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = settings;
  const interval = from !== undefined && to !== undefined ? { from, to } : undefined;
  const reading = { transport, company: settings.NXT_COMPANY_NO };
  const creating = { ...reading, ...(interval === undefined ? {} : { interval }) };

  /** Each kind of request finds its own size. */
  const collector = <Input, Outcome>(
    largest: number,
    run: CollectorOptions<Input, Outcome>['run'],
    keyOf?: (input: Input) => string | number,
  ) => {
    const size = createBatchSize(largest);
    return createCollector<Input, Outcome>({
      clock,
      windowMs: WINDOW_MS,
      maxSize: size.most,
      enter: () => transport.enter(),
      run: (jobs, pass) => run(size.watch(jobs), pass),
      ...(keyOf && { keyOf }),
    });
  };
  const find = collector<FindJob['input'], readonly AssociateRow[]>(BATCH_SIZE, (jobs, pass) =>
    runFinds(reading, jobs, pass),
  );
  const runCreate: CollectorOptions<Create, WriteOutcome>['run'] = (jobs, pass) => runCreates(creating, jobs, pass);
  const createMany = collector(BATCH_SIZE, runCreate, ({ row }) => row.values.externalId ?? '');
  /** Without an external id an answer cannot be matched to its row, so each has a request of its own. */
  const createOne = collector(1, runCreate);
  const update = collector<Update, WriteOutcome>(
    BATCH_SIZE,
    (jobs, pass) => runUpdates(reading, jobs, pass),
    ({ associateNo }) => associateNo,
  );

  const highest = async (within?: { readonly from: number; readonly to: number }) =>
    columns.use((found) => readHighest(reading, found, within));
  const numbering = createNumbering(
    interval,
    () => highest(interval),
    () => clock.now(),
  );

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
    update: (associateNo, values, beforeSend) =>
      columns.use(async (found): Promise<WriteOutcome> => {
        assertSendable(values);
        if (Object.keys(toInput(found, values)).length > 0) {
          return update({ associateNo, values, beforeSend, columns: found });
        }
        const [row] = await find({ selector: { associateNo }, columns: found });
        return row === undefined ? { kind: 'gone' } : { kind: 'written', row };
      }),
    delete: (associateNo, beforeSend) => columns.use((found) => deleteRow(reading, found, associateNo, beforeSend)),
    highestCustomerNo: highest,
    nextCustomerNo: async () => (await numbering.next()) as CustomerNo,
    scan: async function* () {
      yield* readPages(reading, await columns.get(), 'associate_scan', undefined);
    },
    probe: () => columns.use((found) => probe(reading, found)),
    schema: () => columns.get(),
  };
}

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
        if (error instanceof Failure && error.code === 'erp.schema') current = undefined;
        throw error;
      }
    },
  };
}
