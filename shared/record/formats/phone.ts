import { parsePhoneNumberFromString } from 'libphonenumber-js/min';
import { cleanLine } from './text.ts';

/** Direction marks and the like, which come along when a number is copied from a contact card. */
const INVISIBLE = /\p{Cf}+/gu;

/** `tel:+47…` of a link, `(+47)` and `(0047)` of a form. */
const IN_FRONT = /^(?:tel:\s*)?(?:\(\s*((?:\+|00)\d{1,3})\s*\))?/iu;
/** `+47 (0) 920 …`: the zero that is dialled within a country. In Italy it belongs to the number, so this comes last. */
const INLAND_ZERO = /^((?:\+|00)[\d\s]{1,5})\(0\)/u;

const parse = (text: string): string | null => {
  const bare = text.replace(INVISIBLE, '').trim().replace(IN_FRONT, '$1');
  return parseBare(bare) ?? parseBare(bare.replace(INLAND_ZERO, '$1'));
};

const parseBare = (text: string): string | null => {
  const number = parsePhoneNumberFromString(text, {
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
