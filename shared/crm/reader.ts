import { createCollector, systemClock, type Clock, type Job } from '../erp/index.ts';
import { Failure } from '../failure.ts';
import type { Flow } from '../flow/index.ts';
import { normalize, type ChangeBody, type CrmId, type Kind, type RecordRef } from '../record/index.ts';
import type { Rows } from '../store/index.ts';
import type { ChangedRecord, CrmReading, CrmRecord } from './api.ts';

/** One record as it was read, normalised: nothing raw leaves this file. */
export type ReadRecord =
  | {
      readonly is: 'found';
      readonly body: ChangeBody;
      readonly modifiedAt: string;
      readonly mayCreate: boolean;
    }
  | Exclude<CrmRecord, { is: 'found' }>;

/** Reads the CRM's records for attempts. */
export interface CrmReader {
  /** Calls at the same time share requests. @throws Failure, which the CRM's flow has been told of. */
  read(ref: RecordRef): Promise<ReadRecord>;
  contactsOf(customer: CrmId): Promise<readonly CrmId[]>;
  /** Records changed since then, for what was never heard of. */
  changedSince(kind: Kind, since: string): AsyncIterable<ChangedRecord>;
  /** Looks after the CRM's side of the webhook; what was mended, or null. */
  watch(): Promise<string | null>;
  /** Until when changes have been looked for: UTC ISO 8601; null when never. */
  caughtUp(kind: Kind): Promise<string | null>;
  setCaughtUp(kind: Kind, until: string): Promise<void>;
  /** A gate is set: a contact follows its customer. */
  readonly isGated: boolean;
  /** Whether the CRM is held to be there. */
  readonly flow: Flow;
}

/** How long the first record of a batch waits for company. */
const WINDOW_MS = 25;

/** Every batch may leave at once: the CRM's own limits are kept request by request. */
const openGate = async () => ({ start: async () => undefined, leave: () => undefined });

export function createCrmReader(
  reading: CrmReading,
  flow: Flow,
  control: Pick<Rows, 'get' | 'save'>,
  clock: Clock = systemClock,
): CrmReader {
  const watched = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      flow.succeeded('read');
      return result;
    } catch (error) {
      // A limit slows requests down; it does not stop the flow.
      if (error instanceof Failure && error.code !== 'crm.rate-limited') await flow.report(error, 'read');
      throw error;
    }
  };
  const collectorFor = (kind: Kind) =>
    createCollector<CrmId, ReadRecord>({
      clock,
      windowMs: WINDOW_MS,
      maxSize: () => reading.mostPerRead,
      keyOf: (crmId) => crmId,
      enter: openGate,
      async run(jobs, pass) {
        try {
          const found = await watched(() =>
            reading.read(
              kind,
              jobs.map(({ input }) => input),
            ),
          );
          for (const job of jobs) settle(kind, job, found.get(job.input));
        } finally {
          pass.leave('answered');
        }
      },
    });
  const read = { customer: collectorFor('customer'), contact: collectorFor('contact') };
  return {
    isGated: reading.isGated,
    flow,
    read: ({ kind, crmId }) => read[kind](crmId),
    contactsOf: (customer) => watched(() => reading.contactsOf(customer)),
    changedSince: (kind, since) => reading.changedSince(kind, since),
    watch: () => watched(async () => (await reading.watch?.()) ?? null),
    caughtUp: async (kind) => (await control.get(position(kind), toPosition))?.row ?? null,
    setCaughtUp: async (kind, until) => {
      await control.save([{ do: 'put', at: position(kind), row: { until } }]);
    },
  };
}

const position = (kind: Kind) => ({ partitionKey: 'crm', rowKey: `caught-up|${kind}` });

const toPosition = (entity: { readonly etag: string; readonly [column: string]: unknown }) => ({
  etag: entity.etag,
  row: typeof entity['until'] === 'string' ? entity['until'] : null,
});

function settle(kind: Kind, job: Job<CrmId, ReadRecord>, found: CrmRecord | undefined): void {
  if (found === undefined) job.reject(new Error('the adapter left a record out of its answer'));
  else if (found.is !== 'found') job.resolve(found);
  else {
    const { modifiedAt, mayCreate } = found;
    const { body } = normalize(kind, { ...found.data, crmId: job.input }, '/data');
    job.resolve({ is: 'found', body, modifiedAt, mayCreate });
  }
}
