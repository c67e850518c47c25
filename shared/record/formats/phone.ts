import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { cleanLine } from './text.ts';

/** Direction marks and the like, which come along when a number is copied from a contact card. */
const INVISIBLE = /\p{Cf}+/gu;

const parse = (text: string): string | null => {
  const number = parsePhoneNumberFromString(text.replace(INVISIBLE, '').trim(), {
    defaultCountry: 'NO',
    extract: false,
  });
  // E.164 has no room for an extension: as text it is kept.
  return number?.isPossible() === true && number.ext === undefined ? number.number : null;
};

/**
 * E.164 (`+4792099720`), or null when the whole text is not one phone number. Without a country code it is Norwegian.
 * "Possible" is enough (the right number of digits for the country): number plans change faster than their tables,
 * which is also why the smallest table will do.
 */
export function phoneE164(text: string): string | null {
  const number = parse(text);
  return number !== null && parse(number) === number ? number : null;
}

/** The text by which two spellings of one number are compared: E.164 where it is a number. */
export function phoneText(text: string): string {
  const line = cleanLine(text);
  return phoneE164(line) ?? line;
}
