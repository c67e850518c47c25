/** Longest name the ERP's column holds; counted in UTF-16 units, as its `nvarchar` columns count. */
export const MAX_NAME = 80;
/** Longest value of any other field, in UTF-16 units. */
export const MAX_TEXT = 255;

/** Longest text of a field that is looked at, before it is normalised. */
export const MAX_RAW = 4_000;

const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;
/** No-break spaces and spaces of other widths. */
const SPACES = /\p{Zs}/gu;
/** Nothing to see: zero-width spaces and joiners, direction marks, soft hyphens, byte order marks. */
const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\ufff9-\ufffb]+/gu;

/** Without characters that nobody sees and that copying leaves behind. */
export const withoutInvisible = (text: string): string => text.replace(INVISIBLE, '');

/**
 * One line of text as it is stored and sent: well-formed Unicode in NFC, without invisible characters, every run of
 * control characters and every other space as a space, trimmed. Doing it twice changes nothing.
 */
export function cleanLine(text: string): string {
  return withoutInvisible(text.toWellFormed()).replace(CONTROLS, ' ').replace(SPACES, ' ').normalize('NFC').trim();
}

/** Text for comparing without regard to case. */
export function foldCase(text: string): string {
  return text.toLowerCase().normalize('NFC');
}

/** A letter that was lost before the text came here. */
export const hasBrokenLetters = (text: string): boolean => text.toWellFormed().includes('\ufffd');

const NAMED =
  'amp|lt|gt|quot|apos|nbsp|shy|ndash|mdash|hellip|[lr][sd]quo|[lr]aquo|sbquo|bdquo|bull|middot|copy|reg|trade|deg|euro|sect|' +
  '[aeiouy](?:grave|acute|circ|tilde|uml|ring|slash)|[nc](?:tilde|cedil)|[sz]caron|ae?lig|oelig|szlig|eth|thorn|times|frac\\d\\d';
const ENTITY = new RegExp(`&(?:#\\d{1,7}|#x[\\da-f]{1,6}|${NAMED});`, 'i');

/** What follows the first byte of a letter in UTF-8, read as Windows-1252. */
const FOLLOWS = '\\u0080-\\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ';
/**
 * `Ã¸` for `ø`, `â€“` for a dash, `Å¡` for `š`. After Ä and Å only what no text has after them: `BLÅ–GRÅ` is right.
 */
const TWICE = new RegExp(`[ÃÂ][${FOLLOWS}]|â€[${FOLLOWS}]|[ÄÅÐÑ][\\u0080-\\u009f¡-ª¬-º¼-¿]`, 'u');

/** Whether a text holds HTML entities, or letters that were encoded twice. Takes the text as it was sent. */
export const looksEncoded = (text: string): boolean => ENTITY.test(text) || TWICE.test(text.normalize('NFC'));

const DIGIT = /\p{Nd}/u;
const DIGITS = /\p{Nd}/gu;

/**
 * The text with every digit of any script as 0 to 9 (`٠١`, `０１`, `𝟎𝟏`, `①`). Other characters may change too: for
 * looking for numbers only.
 */
export function withPlainDigits(text: string): string {
  return text.normalize('NFKC').replace(DIGITS, (digit) => String(valueOf(digit.codePointAt(0) ?? 0)));
}

/** Unicode keeps the digits of a script side by side, from zero to nine, and starts no script inside such a run. */
function valueOf(codePoint: number): number {
  let start = codePoint;
  while (start > 0 && DIGIT.test(String.fromCodePoint(start - 1))) start -= 1;
  return (codePoint - start) % 10;
}
