import type { AssociateNo } from '../../record/index.ts';
import { recordOfText } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/** Claims that are looked up at the same time. */
const AT_ONCE = 16;

/**
 * Notes that rows of the ERP may have changed: the linked ones are looked at. A hint holds nothing of the row, so that
 * repeated and unordered ones are harmless. Returns how many records are concerned.
 */
export async function takeHints(
  { ledger, queues }: Pick<SyncDeps, 'ledger' | 'queues'>,
  rows: readonly AssociateNo[],
): Promise<number> {
  const numbers = [...new Set(rows)];
  const records = new Set<string>();
  for (let first = 0; first < numbers.length; first += AT_ONCE) {
    const some = numbers.slice(first, first + AT_ONCE);
    const holders = await Promise.all(some.map((no) => ledger.holderOf(no)));
    for (const holder of holders) if (holder !== null) records.add(holder);
  }
  for (const record of [...records].map(recordOfText)) {
    await ledger.owe(record, 'look');
    await queues.sendChange(record, LOOK_AFTER_SECONDS);
  }
  return records.size;
}

/** Several columns of a row are edited one after the other: they are looked at together. */
const LOOK_AFTER_SECONDS = 2;
