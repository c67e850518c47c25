import type { AssociateRow } from '../../erp/index.ts';
import type { SyncDeps } from '../deps.ts';

/** `customer:C-1` of the record that has a row; `''` when none has. */
export async function holderName(
  { ledger }: Pick<SyncDeps, 'ledger'>,
  { associateNo }: Pick<AssociateRow, 'associateNo'>,
): Promise<string> {
  return (await ledger.holderOf(associateNo))?.replace('|', ':') ?? '';
}
