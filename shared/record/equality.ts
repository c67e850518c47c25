import { emailKeys } from './formats/email.ts';
import { organizationNumber } from './formats/organization-number.ts';
import { phoneE164 } from './formats/phone.ts';
import { postalCodeKey } from './formats/address.ts';
import { cleanLine, foldCase } from './formats/text.ts';

// Whether the ERP already says what the CRM says, in its own spelling. All take plain texts: first what the CRM wants,
// then what the ERP holds.

/** As a clean line, so that invisible characters, other spaces and white space at the end do not matter. */
export const sameText = (wanted: string, held: string): boolean => cleanLine(wanted) === cleanLine(held);

export const sameCity = (wanted: string, held: string): boolean => sameText(foldCase(wanted), foldCase(held));

/** By the key of the number, Norwegian or foreign: `NO 921 074 352 MVA` = `921074352`. */
export function sameOrganizationNumber(wanted: string, held: string): boolean {
  return sameBy((text) => organizationNumber(text).key, wanted, held);
}

/** By E.164 when both are phone numbers: `920 99 720` = `+4792099720`. */
export function samePhone(wanted: string, held: string): boolean {
  return sameBy((text) => phoneE164(cleanLine(text)), wanted, held);
}

/** By meaning; where the ERP holds several addresses, all that the CRM has among them are enough. */
export function sameEmail(wanted: string, held: string): boolean {
  const keys = emailKeys(wanted);
  const found = emailKeys(held);
  return keys.length > 0 && found.length > 0 ? keys.every((key) => found.includes(key)) : sameText(wanted, held);
}

/** Whether one address stands on both sides: a person may have several, and each side another choice of them. */
export function sharesEmail(a: string, b: string): boolean {
  const keys = emailKeys(a);
  return keys.length === 0 ? sameEmail(a, b) : emailKeys(b).some((key) => keys.includes(key));
}

/** `277` = `0277`, `111 22` = `11122`. */
export function samePostalCode(wanted: string, held: string): boolean {
  return postalCodeKey(cleanLine(wanted)) === postalCodeKey(cleanLine(held));
}

function sameBy(canonical: (text: string) => string | null, a: string, b: string): boolean {
  const [first, second] = [canonical(a), canonical(b)];
  return first !== null && second !== null ? first === second : sameText(a, b);
}
