/** Longest name the ERP's column holds; counted in UTF-16 units, as its `nvarchar` columns count. */
export const MAX_NAME = 80;
/** Longest value of any other field, in UTF-16 units. */
export const MAX_TEXT = 255;

const CONTROLS = /[\p{Cc}\u2028\u2029]+/gu;

/**
 * One line of text as it is stored and sent: well-formed Unicode in NFC, without control characters (each run of them
 * becomes a space), trimmed. Doing it twice changes nothing.
 */
export function cleanLine(text: string): string {
  return text.toWellFormed().replace(CONTROLS, ' ').normalize('NFC').trim();
}

/** Text for comparing without regard to case. */
export function foldCase(text: string): string {
  return text.toLowerCase().normalize('NFC');
}
