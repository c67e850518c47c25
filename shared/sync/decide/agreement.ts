import {
  namesAgree,
  organizationNumber,
  samePhone,
  samePostalCode,
  sharesEmail,
  type ContactValues,
  type CustomerValues,
} from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';

/** The key of the organisation number that a row holds, in whatever spelling; null when it holds none. */
export const organizationKeyOf = (row: AssociateRow): string | null => organizationNumber(row.companyNo).key;

/** Two readable organisation numbers that differ are two companies. */
export function contradictsCompany({ organizationNumber: wanted }: CustomerValues, row: AssociateRow): boolean {
  const [mine, theirs] = [wanted?.key ?? null, organizationKeyOf(row)];
  return mine !== null && theirs !== null && mine !== theirs;
}

/** Name, place or organisation number agrees. A field that the CRM does not send agrees with nothing. */
export function isSomehowTheCompany(values: CustomerValues, row: AssociateRow): boolean {
  const { companyName, postalCode, organizationNumber: wanted } = values;
  const place = postalCode?.reveal() ?? '';
  const key = wanted?.key ?? null;
  return (
    namesAgree(companyName.reveal(), row.name.reveal()) ||
    (place !== '' && samePostalCode(place, row.postCode.reveal())) ||
    (key !== null && key === organizationKeyOf(row))
  );
}

/** Whether the two may be in one place: the postal codes are the same, or one side has none. */
export function maySharePlace({ postalCode }: CustomerValues, row: AssociateRow): boolean {
  const [mine, theirs] = [postalCode?.reveal() ?? '', row.postCode.reveal()];
  return mine.trim() === '' || theirs.trim() === '' || samePostalCode(mine, theirs);
}

/** Name, e-mail address or phone number agrees. */
export function isSomehowThePerson({ name, emailAddress, phoneNumber }: ContactValues, row: AssociateRow): boolean {
  const [email, phone] = [emailAddress?.reveal() ?? '', phoneNumber?.reveal() ?? ''];
  return (
    namesAgree(name.reveal(), row.name.reveal()) ||
    (email !== '' && sharesEmail(email, row.emailAddress.reveal())) ||
    (phone !== '' && [row.phone, row.mobilePhone].some((held) => samePhone(phone, held.reveal())))
  );
}
