import { idKey, reachedBy, type ChangeBody, type RecordRef } from '../record/index.ts';
import type { PersonKey } from '../store/index.ts';
import type { SyncDeps } from './deps.ts';

/** What a change says about whom it concerns; nothing for customers, and for the order to erase, which must pass. */
function keysOf({ kind, crmId }: RecordRef, body: ChangeBody): readonly PersonKey[] {
  if (kind !== 'contact' || body.op === 'erase') return [];
  const id: PersonKey = { by: 'id', text: idKey(crmId) };
  if (body.op !== 'upsert' || body.kind !== 'contact') return [id];
  const { emails, phones } = reachedBy(body.values);
  return [
    id,
    ...emails.map((text) => ({ by: 'email', text }) as const),
    ...phones.map((text) => ({ by: 'phone', text }) as const),
  ];
}

/** Whether the change is about a person who was erased, and is not to be kept. */
export async function isSuppressed(
  { suppressions }: Pick<SyncDeps, 'suppressions'>,
  ref: RecordRef,
  body: ChangeBody,
): Promise<boolean> {
  const keys = keysOf(ref, body);
  return keys.length > 0 && suppressions.covers(keys);
}

/**
 * The same while the change is applied. Before a person is linked or created for the first time the list is read anew:
 * the erasure may have come while the change was on its way. A record merged into an erased one is that person too.
 */
export async function isSuppressedNow(
  { suppressions }: Pick<SyncDeps, 'suppressions'>,
  ref: RecordRef,
  body: ChangeBody,
  isLinked: boolean,
): Promise<boolean> {
  const keys = keysOf(ref, body);
  if (keys.length === 0) return false;
  const all = body.op === 'merge' ? [...keys, { by: 'id', text: idKey(body.into) } as const] : keys;
  return isLinked ? suppressions.covers(all) : suppressions.coversNow(all);
}
