import { cleanLine, withPlainDigits } from './text.ts';

/** The ERP has `addressLine1` … `addressLine4`. */
const LINES = 4;
const NEWLINE = /\r\n|[\n\r\u2028\u2029]/u;

/**
 * An address as one to four clean lines separated by `\n`. Blank lines are left out; what is beyond the fourth line is
 * joined to it with `, `, so that nothing is lost.
 */
export function cleanAddress(text: string): string {
  const lines = text
    .split(NEWLINE)
    .map(cleanLine)
    .filter((line) => line !== '');
  return [...lines.slice(0, LINES - 1), lines.slice(LINES - 1).join(', ')].filter((line) => line !== '').join('\n');
}

export type AddressLines = readonly [string, string, string, string];

/** The four address lines of the ERP, `''` where there is none. Takes a clean address. */
export function addressLines(address: string): AddressLines {
  const [first = '', second = '', third = '', fourth = ''] = address.split('\n');
  return [first, second, third, fourth];
}

/** `277` is `0277` without the zero that a spreadsheet took away, `3270.0` is what one makes of `3270`. */
const NORWEGIAN = /^(?:NO?)?(\d{3,4})(?:[.,]0{1,2})?$/;

/** A text that two spellings of one postal code share: without blanks and dashes, a Norwegian one with its zero. */
export function postalCodeKey(text: string): string {
  const bare = withPlainDigits(text)
    .toUpperCase()
    .replace(/[\s\-–]/gu, '');
  return NORWEGIAN.exec(bare)?.[1]?.padStart(4, '0') ?? bare;
}

/**
 * Whether a Norwegian code lost its zero. Codes that begin with one are all Oslo's, so three digits beside another place
 * are another country's (Iceland, the Faroe Islands) unless the company is Norwegian.
 * @param city '' when it is not known.
 */
export function lacksZero(postalCode: string, city: string, company: 'norwegian' | 'foreign' | 'unknown'): boolean {
  if (!/^\d{3}(?:[.,]0{1,2})?$/.test(postalCode) || company === 'foreign') return false;
  return company === 'norwegian' || city === '' || city.toLowerCase().startsWith('oslo');
}
