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
