import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import type { Rows } from '../store/index.ts';

export const RIGHTS = [
  'access',
  'erasure',
  'erasure-undone',
  'restriction',
  'restriction-lifted',
  'objection',
  'proof',
] as const;
export type Right = (typeof RIGHTS)[number];

/** Who asked for it. A name would be a personal value: the case in the company's own system names the person. */
export const REQUESTERS = ['person', 'representative', 'authority', 'company', 'crm'] as const;
export type Requester = (typeof REQUESTERS)[number];

/** What was asked and what was done, without a personal value: ids of the CRM, numbers, words of this program. */
export interface Receipt {
  readonly id: string;
  readonly right: Right;
  readonly requester: Requester;
  /** Number of the case in the company's own system; `''` when there is none. */
  readonly reference: string;
  /** The operator. */
  readonly by: string;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Article 12: one month after the request. */
  readonly deadline: string;
  /** Records it concerned, such as `contact:P-1`. */
  readonly records: readonly string[];
  /** ERP rows (aktørnummer). */
  readonly associateNos: readonly number[];
  /** What was found and done: words of this program with a count. */
  readonly done: Readonly<Record<string, number>>;
  /** `''`: under way, or ended before its end: running it again finishes it. */
  readonly endedAt: string;
  /** An objection: what was decided. */
  readonly decision: '' | 'granted' | 'rejected';
  readonly decidedAt: string;
}

export type NewReceipt = Pick<Receipt, 'right' | 'requester' | 'reference' | 'by' | 'records' | 'associateNos'>;
export type ReceiptChanges = Partial<
  Pick<Receipt, 'records' | 'associateNos' | 'done' | 'endedAt' | 'decision' | 'decidedAt'>
>;

export interface Receipts {
  /** Written before anything is done, so that what was begun can be seen and finished. */
  begin(receipt: NewReceipt): Promise<Receipt>;
  change(id: string, changes: ReceiptChanges): Promise<Receipt | null>;
  read(id: string): Promise<Receipt | null>;
  /** The newest first. */
  list(): Promise<readonly Receipt[]>;
  /** Removes those older than a year; how many. */
  forget(): Promise<number>;
}

const PARTITION = 'receipts';
const END = '~';
const KEPT_DAYS = 365;
const DAY_MS = 86_400_000;

const json = <T extends z.ZodType>(inner: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(inner);

const columns = z.object({
  rowKey: z.string(),
  right: z.enum(RIGHTS),
  requester: z.enum(REQUESTERS),
  reference: z.string(),
  by: z.string(),
  at: z.string(),
  deadline: z.string(),
  records: json(z.array(z.string())),
  associateNos: json(z.array(z.number())),
  done: json(z.record(z.string(), z.number())),
  endedAt: z.string(),
  decision: z.enum(['', 'granted', 'rejected']),
  decidedAt: z.string(),
});

export function createReceipts(rows: Rows, now: () => number): Receipts {
  const addressOf = (id: string) => ({ partitionKey: PARTITION, rowKey: id });
  const find = (id: string) =>
    rows.get(addressOf(id), (entity) => ({ etag: entity.etag, row: toReceipt(columns.parse(entity)) }));
  const list = async (): Promise<readonly Receipt[]> => {
    const all: Receipt[] = [];
    for await (const entity of rows.range(PARTITION, '', END)) all.push(toReceipt(columns.parse(entity)));
    return all.sort((a, b) => (a.at < b.at ? 1 : -1));
  };

  return {
    async begin(given) {
      const at = new Date(now()).toISOString();
      const receipt: Receipt = {
        ...given,
        id: `${at.slice(0, 10)}-${randomUUID().slice(0, 8)}`,
        at,
        deadline: oneMonthAfter(at),
        done: {},
        endedAt: '',
        decision: '',
        decidedAt: '',
      };
      await rows.insert(addressOf(receipt.id), fromReceipt(receipt));
      return receipt;
    },
    async change(id, changes) {
      for (;;) {
        const found = await find(id);
        if (!found) return null;
        const next = { ...found.row, ...changes };
        if ((await rows.replace(addressOf(id), fromReceipt(next), found.etag)) !== 'conflict') return next;
      }
    },
    read: async (id) => (await find(id))?.row ?? null,
    list,
    async forget() {
      const before = new Date(now() - KEPT_DAYS * DAY_MS).toISOString();
      const old = (await list()).filter(({ at }) => at < before);
      for (const { id } of old) await rows.remove(addressOf(id));
      return old.length;
    },
  };
}

/** The same day of the next month; its last day where it has none such. */
function oneMonthAfter(at: string): string {
  const date = new Date(at);
  const day = date.getUTCDate();
  date.setUTCDate(1);
  date.setUTCMonth(date.getUTCMonth() + 1);
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
  date.setUTCDate(Math.min(day, last));
  return date.toISOString();
}

const toReceipt = ({ rowKey, ...rest }: z.infer<typeof columns>): Receipt => ({ id: rowKey, ...rest });

function fromReceipt({ id: _id, records, associateNos, done, ...rest }: Receipt): Record<string, unknown> {
  return {
    ...rest,
    records: JSON.stringify(records),
    associateNos: JSON.stringify(associateNos),
    done: JSON.stringify(done),
  };
}
