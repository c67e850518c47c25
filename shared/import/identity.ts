import { toStored, type Change } from '../record/index.ts';
import type { SyncDeps } from '../sync/index.ts';

/**
 * The same content of the same export is the same event, however often it is imported; a row that was corrected in the
 * file is another one, and is taken. A keyed hash, because event ids are stored.
 */
export async function withContentId(change: Change, hash: SyncDeps['hash']): Promise<Change> {
  return { ...change, key: { ...change.key, eventId: `import:${await hash('import', toStored(change.body))}` } };
}
