import type { SyncDeps } from '../deps.ts';
import { eachOf } from './failures.ts';
import { openFieldsOf, type OpenFields } from './open-fields-of.ts';
import { byRecord, selects, type Selection } from './selection.ts';

/** One entry per record and cause, in the order of ids. No values. */
export async function listOpenFields(
  { ledger, now }: Pick<SyncDeps, 'ledger' | 'now'>,
  selection: Selection = {},
): Promise<readonly OpenFields[]> {
  const fits = selects(selection, now());
  const found: OpenFields[] = [];
  await eachOf(ledger, ['fields'], (listed) => {
    if (listed.is === 'fields') found.push(...openFieldsOf(listed.row).filter(fits));
  });
  return found.sort((a, b) => byRecord(a.ref, b.ref));
}
