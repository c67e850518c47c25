import type { AssociateNo, RecordRef } from '../../record/index.ts';
import { externalIdOf } from '../decide/numbers.ts';
import type { SyncDeps } from '../deps.ts';

/** The ERP's row that carries the record's id, such as one that was created and nobody heard of. */
export async function findOwnRow({ erp, settings }: SyncDeps, ref: RecordRef): Promise<AssociateNo | null> {
  const externalId = externalIdOf(settings, ref);
  if (externalId === null) return null;
  return (await erp.find({ externalId })).find((row) => row.externalId === externalId)?.associateNo ?? null;
}
