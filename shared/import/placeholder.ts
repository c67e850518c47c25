/** What databases write for nothing, in the case they write it: `Null` may be somebody's name. */
const NOTHING = /^(?:NULL|null|[([<](?:NULL|null)[)\]>]|\\N|undefined|NaN|N\/A|n\/a)$/;
/** What spreadsheets write for a formula that failed, in English and Norwegian. */
const FAILED =
  /^#(?:N\/A|I\/T|REF!|VALUE!|VERDI!|DIV\/0!|NAME\?|NAVN\?|NUM!|NULL!|SPILL!|CALC!|FIELD!|GETTING_DATA|BLOCKED!|CONNECT!|UNKNOWN!)$/i;

/** Whether a cell holds a word for nothing instead of a value. Takes a clean line. */
export const isPlaceholder = (text: string): boolean => NOTHING.test(text) || FAILED.test(text);
