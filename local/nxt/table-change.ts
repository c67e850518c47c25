import { createHmac, randomUUID } from 'node:crypto';
import type { WriteKind } from './call.ts';
import type { SandboxRow } from './columns.ts';
import type { TableChangeTarget } from './options.ts';

/** One change of one row, and who made it. */
export interface RowChange {
  readonly kind: WriteKind;
  readonly row: SandboxRow;
  readonly user: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

const EVENTS = { create: 'INSERT', update: 'UPDATE', delete: 'DELETE' } as const satisfies Record<WriteKind, string>;

/** UTC with seven digits of a second (verified); this clock has three, the rest is made up. */
const sevenDigits = (at: number): string => new Date(at).toISOString().replace('Z', '2217Z');

/** Contains at least the time stamps and the user; its shape was never seen, so it is one like that of the keys. */
function changedColumns({ kind, row, user }: RowChange): Readonly<Record<string, string>> {
  if (kind === 'delete') return {};
  return kind === 'create'
    ? { createdTimestamp: row.createdTimestamp, createdByUser: user }
    : { changedTimestamp: row.changedTimestamp, changedByUser: user };
}

function bodyOf(change: RowChange, companyNo: number, keys: TableChangeTarget['keys']): string {
  const spelled = (name: string) => (keys === 'camelCase' ? name : `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`);
  return JSON.stringify({
    tableIdentifier: 'Associate',
    customerNo: 0,
    companyNo,
    primaryKeys: [{ [spelled('associateNo')]: change.row.associateNo }],
    event: EVENTS[change.kind],
    timestamp: sevenDigits(change.at),
    changedByUser: change.user,
    changedColumns: Object.entries(changedColumns(change)).map(([name, value]) => ({ [spelled(name)]: value })),
  });
}

export interface TableChange {
  readonly notificationId: string;
  readonly event: (typeof EVENTS)[WriteKind];
  readonly associateNo: number;
  readonly body: string;
  /** The headers of one try; a repeated one keeps its ids (unverified). */
  headers(now: number): Readonly<Record<string, string>>;
}

const SUBSCRIPTION_ID = randomUUID();
const APPLICATION_ID = randomUUID();
const TENANT_ID = randomUUID();
const GROUP_ID = randomUUID();

/** A TableChange of Associate as Visma's dispatcher sends it: base64(HMAC-SHA256(key, body)), names verified. */
export function tableChange(change: RowChange, companyNo: number, { key, keys }: TableChangeTarget): TableChange {
  const body = bodyOf(change, companyNo, keys);
  const [notificationId, eventId] = [randomUUID(), randomUUID()];
  return {
    notificationId,
    event: EVENTS[change.kind],
    associateNo: change.row.associateNo,
    body,
    headers: (now) => ({
      'content-type': 'application/json',
      'x-vwd-signature-v1': createHmac('sha256', key).update(body).digest('base64'),
      'x-vwd-tenant-id': TENANT_ID,
      'x-vwd-event-id': eventId,
      'x-vwd-notification-id': notificationId,
      'x-vwd-notification-timestamp': sevenDigits(change.at),
      'x-vwd-webhook-timestamp': sevenDigits(now),
      'x-vwd-subscription-id': SUBSCRIPTION_ID,
      'x-vwd-application-id': APPLICATION_ID,
      'x-vwd-application-version': '1',
      'x-vwd-group-id': GROUP_ID,
    }),
  };
}
