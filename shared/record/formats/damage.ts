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
