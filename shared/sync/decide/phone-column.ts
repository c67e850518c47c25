import { phoneText } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Lookups } from './lookups.ts';
import type { PhoneColumn } from './situation.ts';
import type { Subject } from './subject.ts';

/** A hash that stands aside while an update of the number is in doubt. */
export const PHONE_BEFORE = 'before:phoneNumber';

/**
 * Which of the ERP's phone columns holds the number last applied: that one changes with the CRM's, the other is
 * accounting's. Undefined when neither does, or when nothing is known.
 */
export async function phoneColumnIn(
  { hash }: Lookups,
  { values, state, link }: Subject,
  rows: readonly AssociateRow[],
): Promise<PhoneColumn | undefined> {
  if ('companyName' in values || values.phoneNumber === undefined) return undefined;
  const last = [state.hashes['phoneNumber'], state.hashes[PHONE_BEFORE]];
  const row = rows.find(({ associateNo }) => associateNo === link?.associateNo);
  if (row === undefined || last.every((each) => each === undefined)) return undefined;
  for (const column of ['phone', 'mobilePhone'] as const) {
    const held = phoneText(row[column].reveal());
    if (held !== '' && last.includes(await hash('phoneNumber', held))) return column;
  }
  // The one that was written last.
  return state.wayBack.phoneColumn === '' ? undefined : state.wayBack.phoneColumn;
}
