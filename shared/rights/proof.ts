import { canonicalText, type RecordRef } from '../record/index.ts';
import { textsOfRow, type SyncDeps } from '../sync/index.ts';

/** Whether a correction made in the CRM has arrived in the ERP, field by field; no values. */
export interface Proof {
  /** `in-sync`, or why it is not: a change is on its way, waits for a person, or the record is not known here. */
  readonly stands: 'in-sync' | 'on-its-way' | 'needs-a-person' | 'not-known';
  /** Id of the event last applied; `''` when none was. */
  readonly appliedEvent: string;
  readonly lastWriteAt: string;
  /** Each field the CRM manages: the ERP holds what the CRM sent last, or something else. */
  readonly fields: Readonly<Record<string, 'arrived' | 'differs'>>;
}

/** @throws Failure when the ERP does not answer */
export async function proof(deps: SyncDeps, ref: RecordRef): Promise<Proof> {
  const { ledger, erp } = deps;
  const [{ pending, state }, failed] = await Promise.all([ledger.read(ref), ledger.readFailed(ref)]);
  const associateNo = state?.row.associateNo ?? null;
  const hashes = state?.row.hashes ?? {};
  const [row] = associateNo === null ? [] : await erp.find({ associateNo });
  const fields: Record<string, 'arrived' | 'differs'> = {};
  for (const [field, hash] of Object.entries(hashes)) {
    const texts = row ? textsOfRow(field, row) : [];
    const held = await Promise.all(texts.map((text) => hashOf(deps, ref, field, text)));
    fields[field] = held.includes(hash) ? 'arrived' : 'differs';
  }
  return {
    stands: failed ? 'needs-a-person' : pending ? 'on-its-way' : associateNo === null ? 'not-known' : 'in-sync',
    appliedEvent: state?.row.applied?.eventId ?? '',
    lastWriteAt: state?.row.lastWriteAt ?? '',
    fields,
  };
}

async function hashOf({ hash }: SyncDeps, { kind }: RecordRef, field: string, text: string): Promise<string | null> {
  const canonical = canonicalText(kind, field, text);
  return canonical === null ? null : hash(field, canonical);
}
