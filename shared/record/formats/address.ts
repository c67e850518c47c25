import { cleanLine } from './text.ts';

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
