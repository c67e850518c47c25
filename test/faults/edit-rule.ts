import type { Owner } from './edit-fields.ts';
import { knew, type Edit, type FieldTrace } from './edit-trace.ts';

/** What becomes of one field, by the last edits of both sides. */
export type Ruled =
  /** Both hold what this one entered; null: what was first in sync. */
  | { readonly is: 'agreed'; readonly on: Edit | null }
  /** Each keeps its own, and a person is asked. */
  | { readonly is: 'asked' }
  /** Each keeps its own, and nobody is asked: whoever changed it does not own it, or the ERP's was emptied. */
  | { readonly is: 'apart' };

/**
 * The rules of the way back, per field: an edit flows to the other side where its owner allows; two that did not know of
 * each other are the owner's, or a person's; a field emptied in the ERP is no edit; the CRM clears only what it knew.
 */
export function ruled({ last: { crm, erp }, field }: FieldTrace, owner: Owner): Ruled {
  if (erp?.value === '') {
    // Where the CRM's value had been there, it stays away; one that comes afterwards is written.
    const comes = crm !== null && !knew(erp, crm);
    return comes && owner !== 'erp' ? { is: 'agreed', on: crm } : { is: 'apart' };
  }
  if (!crm && !erp) return { is: 'agreed', on: null };
  if (crm && (!erp || knew(crm, erp))) return owner === 'erp' ? { is: 'apart' } : { is: 'agreed', on: crm };
  if (erp && (!crm || knew(erp, crm))) {
    if (owner === 'crm') return { is: 'apart' };
    return owner === 'ask' ? { is: 'asked' } : { is: 'agreed', on: erp };
  }
  if (!crm || !erp) return { is: 'agreed', on: null };
  if (field.same(crm.value, erp.value)) return { is: 'agreed', on: crm };
  if (crm.value === '') return { is: 'asked' };
  if (owner === 'crm') return { is: 'agreed', on: crm };
  return owner === 'erp' ? { is: 'agreed', on: erp } : { is: 'asked' };
}
