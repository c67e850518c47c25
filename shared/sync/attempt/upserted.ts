import type { OutboxKind, StateRow } from '../../store/index.ts';
import type { Leased } from './attempt.ts';
import type { Work } from './outcome.ts';
import type { Wanted } from './wanted.ts';

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
