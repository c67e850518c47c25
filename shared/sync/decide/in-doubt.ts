import type { Kind } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { InDoubt, StateRow } from '../../store/index.ts';
import { hashesIn, ownOf, type HashDeps } from './row-hashes.ts';

/** What is known of a record, as far as its fields are judged by it. */
export type FlowState = Pick<StateRow, 'hashes' | 'wayBack'>;

/**
 * What was last in sync, where the answer to an update was lost: the row says whether the update happened. A value that
 * is neither the old one nor one that was sent is an edit of accounting's; what it was entered over, nobody can tell.
 */
export async function afterDoubt(
  deps: HashDeps,
  kind: Kind,
  { hashes, wayBack }: FlowState,
  row: AssociateRow,
): Promise<FlowState> {
  const fields = Object.entries(wayBack.inDoubt);
  if (fields.length === 0) return { hashes, wayBack };
  const base = { ...hashes };
  const erp = { ...wayBack.erp };
  for (const [field, { sent, ...before }] of fields) {
    const held = await hashesIn(deps, kind, field, row);
    const own = ownOf(held, field, wayBack.phoneColumn);
    const empty = await deps.hash(field, '');
    const isHeld = (hash: string): boolean =>
      hash === empty ? own?.hash === hash : held.some((each) => each.hash === hash);
    const landed = [before.crm, before.erp].some(isHeld) ? undefined : sent.find(isHeld);
    Reflect.deleteProperty(erp, field);
    if (landed !== undefined) base[field] = landed;
    else {
      base[field] = before.crm;
      if (before.erp !== before.crm) erp[field] = before.erp;
    }
  }
  return { hashes: base, wayBack: { ...wayBack, erp, inDoubt: {} } };
}

/**
 * What is known while an update is on its way: of the fields it writes the ERP may hold either value.
 * @param wanted hashes of the fields that are written
 */
export function whileInDoubt(
  known: FlowState,
  before: StateRow['wayBack']['inDoubt'],
  wanted: StateRow['hashes'],
): FlowState {
  const hashes = { ...known.hashes };
  const erp = { ...known.wayBack.erp };
  const inDoubt: Record<string, InDoubt> = {};
  for (const [field, crm] of Object.entries(known.hashes)) {
    const sent = wanted[field];
    if (sent === undefined) continue;
    inDoubt[field] = { crm, erp: erp[field] ?? crm, sent: [...new Set([...(before[field]?.sent ?? []), sent])] };
    Reflect.deleteProperty(hashes, field);
    Reflect.deleteProperty(erp, field);
  }
  return { hashes, wayBack: { ...known.wayBack, erp, inDoubt } };
}
