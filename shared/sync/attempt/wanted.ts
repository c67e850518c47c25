import { canonicalFields, type AssociateNo, type ContactValues, type CustomerValues } from '../../record/index.ts';
import type { StateRow } from '../../store/index.ts';
import type { KnownState } from '../decide/subject.ts';
import type { SyncDeps } from '../deps.ts';
import { hasConflict } from '../way-back/has-conflict.ts';

/** What the CRM wants of one record, and what is needed to tell whether it changed. */
export interface Wanted {
  readonly values: CustomerValues | ContactValues;
  readonly hashes: Readonly<Record<string, string>>;
  readonly parentNo: AssociateNo | null;
  readonly parentIsKnown: boolean;
  /** Fields of which the snapshot says nothing: it was taken before they were written to the CRM. */
  readonly silent: readonly string[];
}

/** Keyed hash of each managed field. */
export async function hashesOf(
  { hash }: Pick<SyncDeps, 'hash'>,
  values: CustomerValues | ContactValues,
): Promise<Record<string, string>> {
  const fields = Object.entries(canonicalFields(values));
  return Object.fromEntries(
    await Promise.all(fields.map(async ([field, text]) => [field, await hash(field, text)] as const)),
  );
}

/** Of the fields whose value stays as it was last applied. */
export const sharedHashes = (applied: StateRow['hashes'], wanted: StateRow['hashes']): StateRow['hashes'] =>
  Object.fromEntries(Object.entries(applied).filter(([field, hash]) => wanted[field] === hash));

/**
 * True when the ledger alone shows that there is nothing to write: linked, no doubt, and every value as it was last
 * applied. What somebody edited in the ERP since is kept anyway (NXT_ERP_EDITS=keep), so that no read is needed.
 */
export function isAppliedAlready(
  { settings }: Pick<SyncDeps, 'settings'>,
  state: KnownState,
  values: CustomerValues | ContactValues,
  hashes: Readonly<Record<string, string>>,
  parentNo: AssociateNo | null,
): boolean {
  if (settings.NXT_ERP_EDITS !== 'keep' || state.associateNo === null || state.intent !== null) return false;
  // A conflict is judged anew by what the ERP holds now.
  if (hasConflict(state.wayBack)) return false;
  if (state.emptied || state.deletedAt !== '' || state.failed) return false;
  if (values.actorNumber !== undefined && values.actorNumber !== state.associateNo) return false;
  if ('companyName' in values && (values.customerNumber ?? state.customerNo) !== state.customerNo) return false;
  if ('companyName' in values && state.customerNo === null) return false;
  return parentNo === state.parentNo && Object.entries(hashes).every(([field, hash]) => state.hashes[field] === hash);
}
