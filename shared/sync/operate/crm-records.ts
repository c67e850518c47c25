import { isCrmId, normalize, type Kind, type RecordRef } from '../../record/index.ts';
import type { CrmApi } from '../../crm/index.ts';
import { refText, type StateRow } from '../../store/index.ts';
import { hashesOf } from '../attempt/wanted.ts';
import type { SyncDeps } from '../deps.ts';

/** A record as the CRM lists it. */
export interface InCrm {
  readonly ref: RecordRef;
  readonly hashes: StateRow['hashes'];
}

/** Everything the CRM lists, as keyed hashes; null where it offers no lists. @throws Failure where it cannot be read just now */
export async function crmRecords(
  sync: SyncDeps,
  crm: Pick<CrmApi, 'listRecords'> | null,
  onPage?: () => void,
): Promise<ReadonlyMap<string, InCrm> | null> {
  if (!crm?.listRecords) return null;
  const found = new Map<string, InCrm>();
  for (const kind of ['customer', 'contact'] as const) {
    // A CRM whose pages go in a circle is read once around.
    const asked = new Set<string>();
    for (let after = ''; !asked.has(after);) {
      asked.add(after);
      const page = await crm.listRecords(kind, after);
      onPage?.();
      if (page === null) return null;
      for (const item of page.items) await take(sync, found, kind, item);
      if (page.next === '') break;
      after = page.next;
    }
  }
  return found;
}

async function take(sync: SyncDeps, found: Map<string, InCrm>, kind: Kind, item: Readonly<Record<string, unknown>>) {
  const crmId = item['crmId'];
  if (typeof crmId !== 'string' || !isCrmId(crmId)) return;
  const ref: RecordRef = { kind, crmId };
  const { body } = normalize(kind, { ...item, crmId }, '/data');
  const hashes = body.op === 'upsert' ? await hashesOf(sync, body.values) : {};
  found.set(refText(ref), { ref, hashes });
}
