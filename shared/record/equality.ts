import { emailAddress } from './formats/email.ts';
import { organizationDigits } from './formats/organization-number.ts';
import { phoneE164 } from './formats/phone.ts';
import { cleanLine, foldCase } from './formats/text.ts';

// Whether the ERP already says what the CRM says, in its own spelling. All take plain texts and ignore their order.

/** NFC, and without regard to white space at the end (the ERP's columns may be padded). */
export function sameText(a: string, b: string): boolean {
  return a.normalize('NFC').trimEnd() === b.normalize('NFC').trimEnd();
}

export function sameCity(a: string, b: string): boolean {
  return sameText(foldCase(a), foldCase(b));
}

/** By digits when both are Norwegian: `NO 921 074 352 MVA` = `921074352`. */
export function sameOrganizationNumber(a: string, b: string): boolean {
  return sameBy(organizationDigits, a, b);
}

/** By E.164 when both are phone numbers: `920 99 720` = `+4792099720`. */
export function samePhone(a: string, b: string): boolean {
  return sameBy((text) => phoneE164(cleanLine(text)), a, b);
}

/** The domain without regard to case. */
export function sameEmail(a: string, b: string): boolean {
  return sameBy((text) => emailAddress(cleanLine(text)), a, b);
}

function sameBy(canonical: (text: string) => string | null, a: string, b: string): boolean {
  const [first, second] = [canonical(a), canonical(b)];
  return first !== null && second !== null ? first === second : sameText(a, b);
}

/** A name for matching: NFC, trimmed, inner white space as one space, without regard to case. */
export function nameForMatching(text: string): string {
  return foldCase(cleanLine(text)).replace(/\s+/gu, ' ').trim();
}

export function sameName(a: string, b: string): boolean {
  return nameForMatching(a) === nameForMatching(b);
}
