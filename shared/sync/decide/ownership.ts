import type { CrmId, RecordRef } from '../../record/index.ts';
import { recordOfText, refText } from '../../store/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import { externalIdPrefix } from './numbers.ts';
import type { Lookups } from './lookups.ts';

/** `free`: the record that has the row was deleted or merged. */
export type Ownership = 'nobodys' | 'own' | 'anothers' | 'free';

/** Whose a row is: by the external id in it, whatever the claims say, else by a claim. */
export async function ownershipOf(
  lookups: Lookups,
  settings: Settings,
  ref: RecordRef,
  { associateNo, externalId }: AssociateRow,
): Promise<Ownership> {
  const isOwn = (record: RecordRef): boolean => refText(record) === refText(ref);
  const named = recordIn(settings, externalId);
  if (named !== null && !isOwn(named) && !(await lookups.isGone(named))) return 'anothers';
  const claim = await lookups.holderOf(associateNo);
  const holder = claim === null ? null : recordOfText(claim);
  if (holder !== null && !isOwn(holder)) return (await lookups.isGone(holder)) ? 'free' : 'anothers';
  if (named !== null) return isOwn(named) ? 'own' : 'free';
  return holder === null ? 'nobodys' : 'own';
}

/** The record of `crm:customer:C-1`; one that nobody has heard of where the text only begins like an id. */
function recordIn(settings: Settings, externalId: string): RecordRef | null {
  const prefix = externalIdPrefix(settings);
  if (settings.NXT_EXTERNAL_ID_COLUMN === 'none' || !externalId.startsWith(prefix)) return null;
  const [kind, ...id] = externalId.slice(prefix.length).split(':');
  return { kind: kind === 'contact' ? 'contact' : 'customer', crmId: id.join(':') as CrmId };
}
