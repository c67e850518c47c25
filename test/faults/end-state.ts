import { QueueClient } from '@azure/storage-queue';
import type { SandboxRow } from '../../local/nxt/index.ts';
import {
  refText,
  type OutboxRow,
  type FailedRow,
  type Ledger,
  type PendingRow,
  type StateRow,
} from '../../shared/store/index.ts';
import { QUEUES } from '../../shared/storage-names.ts';

const MOST_PEEKED = 32;

/** Stands for a pointer that was not looked at, because their number alone is wrong. */
const UNREAD = '{"kind":"unread","crmId":"","code":""}';

/** The columns that are compared. */
export type ErpRow = Pick<
  SandboxRow,
  | 'associateNo'
  | 'customerNo'
  | 'contactForAssociateNo'
  | 'externalId'
  | 'companyNo'
  | 'information8'
  | 'name'
  | 'addressLine1'
  | 'postCode'
  | 'postalArea'
  | 'emailAddress'
  | 'phone'
>;

/** Everything that can be seen from outside once it is quiet. */
export interface EndState {
  readonly rows: readonly ErpRow[];
  readonly pending: ReadonlyMap<string, PendingRow>;
  readonly states: ReadonlyMap<string, StateRow>;
  readonly failed: ReadonlyMap<string, FailedRow>;
  readonly entries: readonly OutboxRow[];
  /** Poison messages as text. */
  readonly poison: readonly string[];
  /** What the CRM was told, by `customer|C-1`; null where there is no CRM. */
  readonly numbers: ReadonlyMap<string, Readonly<Record<string, number | null>>> | null;
}

export async function readEndState(
  ledger: Ledger,
  connectionString: string,
  rows: readonly ErpRow[],
  numbers: EndState['numbers'],
): Promise<EndState> {
  const read = await readLedger(ledger);
  return { ...read, rows, poison: await readPoison(connectionString, read.failed.size), numbers };
}

/** Everything the ledger holds of the records. */
export async function readLedger(ledger: Ledger): Promise<Omit<EndState, 'rows' | 'poison' | 'numbers'>> {
  const pending = new Map<string, PendingRow>();
  const states = new Map<string, StateRow>();
  const failed = new Map<string, FailedRow>();
  const entries: OutboxRow[] = [];
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard)) {
      if (listed.is === 'unreadable') throw new Error(`${listed.rowKey} cannot be read`);
      if (listed.is === 'outbox') entries.push(listed.row);
      else if (listed.is === 'failed') failed.set(refText(listed.row.ref), listed.row);
      else if (listed.is === 'pending') pending.set(refText(listed.row.ref), listed.row);
    }
    for await (const listed of ledger.listStates(shard)) {
      if (listed.is === 'unreadable') throw new Error(`${listed.rowKey} cannot be read`);
      states.set(refText(listed.row.ref), listed.row);
    }
  }
  return { pending, states, failed, entries };
}

/**
 * The poison queue's messages. Up to 32 can be peeked at; more are taken and given back, and only when their number is
 * right, so that a sweep that looks meanwhile finds nothing to mend.
 */
async function readPoison(connectionString: string, failures: number): Promise<readonly string[]> {
  const queue = new QueueClient(connectionString, QUEUES.changesPoison);
  if (!(await queue.exists())) return [];
  const { approximateMessagesCount: count = 0 } = await queue.getProperties();
  if (count <= MOST_PEEKED) {
    const { peekedMessageItems } = await queue.peekMessages({ numberOfMessages: MOST_PEEKED });
    return peekedMessageItems.map(({ messageText }) => decode(messageText));
  }
  if (count !== failures) return Array<string>(count).fill(UNREAD);
  const taken: { id: string; receipt: string; text: string }[] = [];
  for (;;) {
    const { receivedMessageItems } = await queue.receiveMessages({ numberOfMessages: 32, visibilityTimeout: 30 });
    if (receivedMessageItems.length === 0) break;
    for (const { messageId, popReceipt, messageText } of receivedMessageItems) {
      taken.push({ id: messageId, receipt: popReceipt, text: decode(messageText) });
    }
  }
  for (const { id, receipt } of taken) await queue.updateMessage(id, receipt, undefined, 0);
  return taken.map(({ text }) => text);
}

const decode = (base64: string): string => Buffer.from(base64, 'base64').toString('utf8');
