/**
 * Every character that can move a cursor, colour a screen, or make a line read differently from what it is: C0 and C1
 * controls, line and paragraph separators, direction marks and other invisible format characters, lone surrogates.
 */
const HOSTILE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\u2028\u2029]/gu;

const escaped = (character: string): string =>
  [...Array(character.length).keys()]
    .map((index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, '0')}`)
    .join('');

/**
 * Text for one line of a terminal: ids, reasons and names come from outside, and may hold what a terminal obeys. Such
 * characters come out as `\u001b`, which is also what they are in JSON.
 */
export const printableLine = (text: string): string => text.replace(HOSTILE, escaped);

/** The same for text of several lines that this program laid out itself. */
export const printable = (text: string): string => text.split('\n').map(printableLine).join('\n');
