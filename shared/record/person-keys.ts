import { emailKeys } from './formats/email.ts';
import { phoneE164 } from './formats/phone.ts';
import { cleanLine } from './formats/text.ts';
import type { ContactValues, CrmId } from './types.ts';

/** The CRM's id of a person as a key. */
export const idKey = (crmId: CrmId): string => `contact|${crmId}`;

/** The addresses in a text, in the one spelling that all spellings share. Personal. */
export const emailsOf = (text: string): readonly string[] => emailKeys(text);

/** A phone number in the one spelling that all spellings share; null when the text is none. Personal. */
export const phoneOf = (text: string): string | null => phoneE164(cleanLine(text));

/** Addresses and numbers that an event gives a person. Personal. */
export function reachedBy({ emailAddress, phoneNumber }: ContactValues): {
  readonly emails: readonly string[];
  readonly phones: readonly string[];
} {
  const phone = phoneOf(phoneNumber?.reveal() ?? '');
  return { emails: emailsOf(emailAddress?.reveal() ?? ''), phones: phone === null ? [] : [phone] };
}
