import type { FieldWrite, Holds } from '../../crm/index.ts';
import type { FieldOwners } from '../../field-owner.ts';
import { canonicalText, type Kind } from '../../record/index.ts';
import type { SentField } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/**
 * Holds a record of the CRM's, read just before its fields are written, against what the values were decided on. What
 * is neither that nor what was sent before is an edit of the CRM's own: its event comes, and is decided on first.
 */
export const crmHolds =
  (
    { hash, settings }: Pick<SyncDeps, 'hash' | 'settings'>,
    kind: Kind,
    notes: readonly (readonly [string, SentField])[],
  ): FieldWrite['holds'] =>
  async (data): Promise<Holds> => {
    const found = await Promise.all(
      notes.map(async ([field, note]) => {
        const held = await fieldHolds(hash, kind, field, note, data[field]);
        // Where the field is the ERP's, an edit of the CRM's was let be, and does not stand in the way.
        return held === 'newer' && isOfErp(settings.FIELD_OWNER, field) ? 'as-known' : held;
      }),
    );
    if (found.includes('newer')) return 'newer';
    return found.every((each) => each === 'written') ? 'written' : 'as-known';
  };

const isOfErp = (owners: FieldOwners, field: string): boolean => owners[field] === 'erp';

/** A field that the CRM leaves out is empty there. */
async function fieldHolds(
  hash: SyncDeps['hash'],
  kind: Kind,
  field: string,
  { value, replaced }: SentField,
  said: unknown,
): Promise<Holds> {
  const canonical = canonicalText(kind, field, typeof said === 'string' ? said : '');
  if (canonical === null) return 'newer';
  const now = canonical === '' ? '' : await hash(field, canonical);
  if (now === value) return 'written';
  return replaced.includes(now) ? 'as-known' : 'newer';
}
