import { canonicalFields, type AssociateNo, type ContactValues, type CustomerValues } from '../../record/index.ts';
import { hasConflict, type StateRow, type OutboxKind } from '../../store/index.ts';
import type { KnownState } from '../decide/subject.ts';
import type { SyncDeps } from '../deps.ts';
import type { Leased } from './attempt.ts';
import type { Work } from './outcome.ts';

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

/** The record is as the CRM wants it: what is now known of it, and what is owed for it. */
export function upserted(
  { deps: { settings }, lease: { state } }: Leased,
  {
    values,
    parentNo,
    outcome,
    wrote,
    known,
  }: Pick<Wanted, 'values' | 'parentNo'> & {
    readonly outcome: 'created' | 'linked' | 'updated' | 'unchanged';
    readonly wrote: boolean;
    /** What is known of the fields from now on. */
    readonly known: Pick<StateRow, 'hashes' | 'wayBack'> & { readonly owesFields?: boolean };
  },
): Work {
  const { ref } = state;
  const { associateNo, customerNo } = state;
  const numbers = `${associateNo ?? 0}/${customerNo ?? 0}/${parentNo ?? 0}`;
  const isKnownToCrm =
    values.actorNumber === associateNo &&
    ('companyName' in values ? values.customerNumber === customerNo : values.relatedCustomerActorNumber === parentNo);
  // Where others were owed before, these are owed as well: those may be on their way.
  const isUnderWay = state.numbersOwed !== '' && !state.awaitsCrmUrl;
  const isTold = isUnderWay ? state.numbersOwed === numbers : isKnownToCrm;
  const isOwed = settings.CRM_API_URL !== undefined && !isTold;
  const owed: OutboxKind[] = [
    ...(isOwed ? (['writeback'] as const) : []),
    ...(ref.kind === 'customer' && state.numbersOwed === '' ? (['wake'] as const) : []),
    ...(known.owesFields ? (['fields'] as const) : []),
  ];
  return {
    kind: 'done',
    outcome,
    wrote,
    owed,
    state: {
      parentNo,
      formerParentNo: parentNo === state.parentNo ? state.formerParentNo : state.parentNo,
      hashes: known.hashes,
      wayBack: known.wayBack,
      linkIsNew: false,
      intent: null,
      emptied: false,
      deletedAt: '',
      mergedInto: '',
      numbersOwed: numbers,
      awaitsCrmUrl: !isOwed && !isTold,
    },
  };
}
