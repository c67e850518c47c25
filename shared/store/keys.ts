import { createHash } from 'node:crypto';
import type { CrmId, RecordRef } from '../record/index.ts';

/**
 * Rows of one record share a partition, so that they can be saved together; sixteen partitions in all, so that every
 * list is sixteen range queries and none is a scan. A partition takes about 2,000 operations a second, far more than
 * the ERP lets through.
 */
export const SHARDS: readonly string[] = Array.from({ length: 16 }, (_, index) => `s${String(index).padStart(2, '0')}`);

const shardOf = (text: string): string => {
  const [byte = 0] = createHash('sha256').update(text).digest();
  return SHARDS[byte % SHARDS.length] ?? 's00';
};

export interface RowAddress {
  readonly partitionKey: string;
  readonly rowKey: string;
}

/** `customer|C-1001`; a CRM id never holds a `|`. */
export const refText = ({ kind, crmId }: RecordRef): string => `${kind}|${crmId}`;

/** The record of `customer|C-1001`. */
export function recordOfText(text: string): RecordRef {
  const at = text.indexOf('|');
  return { kind: text.slice(0, at) === 'contact' ? 'contact' : 'customer', crmId: text.slice(at + 1) as CrmId };
}

const inShardOf = (ref: RecordRef, rowKey: string): RowAddress => ({ partitionKey: shardOf(refText(ref)), rowKey });

export const pendingAddress = (ref: RecordRef): RowAddress => inShardOf(ref, `pending|${refText(ref)}`);
export const stateAddress = (ref: RecordRef): RowAddress => inShardOf(ref, `state|${refText(ref)}`);
export const failedAddress = (ref: RecordRef): RowAddress => inShardOf(ref, `failed|${refText(ref)}`);

/** Fields of a record that are listed; see `OpenField`. */
export const fieldsAddress = (ref: RecordRef): RowAddress => inShardOf(ref, `fields|${refText(ref)}`);

/** What is owed for a record after a save. The keys say `debt`, as those of the first version. */
export const outboxAddress = (what: string, ref: RecordRef): RowAddress =>
  inShardOf(ref, `debt|${what}|${refText(ref)}`);

/** A contact that waits for its customer; it lies beside the customer. */
export const waitAddress = (customer: RecordRef, contact: RecordRef): RowAddress =>
  inShardOf(customer, `wait|${customer.crmId}|${contact.crmId}`);

/** A record that was refused a row because of `holder`, in whose partition it lies. */
export const refusedAddress = (holder: RecordRef, record: RecordRef | null): RowAddress =>
  inShardOf(holder, `refused|${refText(holder)}|${record === null ? '' : refText(record)}`);

/** Both records of a wait or a refusal: who is waited for, and who waits. */
export interface Wait {
  readonly on: RecordRef;
  readonly record: RecordRef;
}

/** The inverse of `waitAddress`. */
export function waitOf(rowKey: string): Wait {
  const [, customer = '', contact = ''] = rowKey.split('|');
  return {
    on: { kind: 'customer', crmId: customer as CrmId },
    record: { kind: 'contact', crmId: contact as CrmId },
  };
}

/** The inverse of `refusedAddress`. */
export function refusedOf(rowKey: string): Wait {
  const [, holderKind = '', holder = '', kind = '', crmId = ''] = rowKey.split('|');
  return { on: recordOfText(`${holderKind}|${holder}`), record: recordOfText(`${kind}|${crmId}`) };
}

/** A claim is nobody's row in particular: its own text decides where it lies. */
export const claimAddress = (what: string): RowAddress => ({ partitionKey: shardOf(what), rowKey: `claim|${what}` });
