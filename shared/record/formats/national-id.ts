import { withPlainDigits, withoutInvisible } from './text.ts';

/*
 * National identity numbers (fødselsnummer) and their like: six digits of a date of birth and five more, of which the
 * last two are control digits. D-numbers add 40 to the day; H-numbers add 40 to the month, those of made-up persons 80.
 * https://www.skatteetaten.no/person/folkeregister/identitetsnummer-og-elektronisk-id/fodselsnummer-og-d-nummer/
 */

const FIRST = [3, 7, 6, 1, 8, 9, 4, 5, 2];
const SECOND = [5, 4, 3, 2, 7, 6, 5, 4, 3, 2];
const LENGTH = 11;
const LENGTH_WITH_CENTURY = 13;
const MONTH_LENGTHS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Digits that stand together, and what stands between them and the group before. */
interface Group {
  readonly digits: string;
  readonly gap: string;
}

/**
 * Whether a text holds an identity number: a date and right control digits, whatever stands between the digits (letters
 * only between date and number), in any script, with other numbers beside it, with a year of four digits, or without
 * the zero in front that a spreadsheet takes away.
 */
export function holdsNationalId(text: string, zero: 'whole' | 'may-lack' = 'may-lack'): boolean {
  return readings(text).some((reading) => candidates(groupsOf(reading), zero).some(isNationalId));
}

/**
 * The same where no number of eleven digits belongs, as in the field of an organisation number: there it need not be
 * right, because a mistyped identity number is still personal.
 */
export function mayHoldNationalId(text: string): boolean {
  return readings(text).some((reading) => {
    const groups = groupsOf(reading);
    const runs = reading.split(/\p{L}+/u).map((run) => run.replace(/\D/g, ''));
    return (
      groups.some(({ digits }) => digits.length === LENGTH) ||
      groups.some(({ digits }, index) => digits.length === 6 && groups[index + 1]?.digits.length === 5) ||
      runs.some((digits) => digits.length === LENGTH || withoutCentury(digits).some(hasDate)) ||
      candidates(groups, 'may-lack').some(isNationalId)
    );
  });
}

/** As it stands, and with what HTML, URLs and JSON write for characters. */
function readings(text: string): readonly string[] {
  const plain = withPlainDigits(withoutInvisible(text));
  const decoded = plain
    .replace(/&#(?:x([\da-f]{1,6})|(\d{1,7}));/gi, (_, hex?: string, decimal?: string) => characterOf(hex, decimal))
    .replace(/&[a-z]{2,8};/gi, ' ')
    .replace(/\\(?:u([\da-f]{4})|x([\da-f]{2}))/gi, (_, wide?: string, byte?: string) => characterOf(wide ?? byte))
    .replace(/\\[nrtvf]/g, ' ')
    .replace(/%([2-7][\da-f])/gi, (_, hex: string) => characterOf(hex))
    .replace(/%[\da-f]{2}/gi, ' ');
  return decoded === plain ? [plain] : [plain, withPlainDigits(withoutInvisible(decoded))];
}

function characterOf(hex?: string, decimal?: string): string {
  const codePoint = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
  return codePoint <= 0x10ffff ? String.fromCodePoint(codePoint) : ' ';
}

function groupsOf(text: string): readonly Group[] {
  return Array.from(text.matchAll(/(\D*)(\d+)/g), ([, gap = '', digits = '']) => ({ digits, gap }));
}

/** Every eleven digits that neighbouring groups make together. */
function candidates(groups: readonly Group[], zero: 'whole' | 'may-lack'): readonly string[] {
  const found: string[] = [];
  for (const [index, { gap }] of groups.entries()) {
    let digits = '';
    for (const [more, group] of groups.slice(index, index + LENGTH_WITH_CENTURY).entries()) {
      const isApart = more > 0 && /\p{L}/u.test(group.gap);
      if (isApart && !(digits.length === 6 && group.digits.length === 5)) break;
      digits += group.digits;
      if (digits.length > LENGTH_WITH_CENTURY) break;
      if (digits.length === LENGTH) found.push(digits);
      // No spreadsheet takes a zero out of `+45 …`.
      if (digits.length === LENGTH - 1 && zero === 'may-lack' && !gap.endsWith('+')) found.push(`0${digits}`);
      found.push(...withoutCentury(digits));
    }
    found.push(...shortDate(groups.slice(index, index + 4)));
  }
  return found;
}

/** `15061957…` and `19570615…`: a year of four digits in either place. */
function withoutCentury(digits: string): readonly string[] {
  if (digits.length !== LENGTH_WITH_CENTURY) return [];
  const iso = digits.slice(6, 8) + digits.slice(4, 6) + digits.slice(2, 4);
  return [digits.slice(0, 4) + digits.slice(6), iso + digits.slice(8)];
}

/** `1.6.57 54433`. */
function shortDate(groups: readonly Group[]): readonly string[] {
  const [day = '', month = '', year = '', number = ''] = groups.map(({ digits }) => digits);
  const isDate = day.length <= 2 && month.length <= 2 && (year.length === 2 || year.length === 4);
  if (!isDate || number.length !== 5 || groups.slice(1).some(({ gap }) => /\p{L}/u.test(gap))) return [];
  return [day.padStart(2, '0') + month.padStart(2, '0') + year.slice(-2) + number];
}

function hasDate(eleven: string): boolean {
  const day = Number(eleven.slice(0, 2));
  const month = Number(eleven.slice(2, 4));
  const monthOfYear = [80, 40, 0].map((added) => month - added).find((each) => each > 0) ?? 0;
  const dayOfMonth = day > 40 ? day - 40 : day;
  return dayOfMonth >= 1 && dayOfMonth <= (MONTH_LENGTHS[monthOfYear - 1] ?? 0);
}

const isNationalId = (eleven: string): boolean => hasDate(eleven) && hasControl(eleven);

function hasControl(eleven: string): boolean {
  return control(FIRST, eleven) === Number(eleven[9]) && control(SECOND, eleven) === Number(eleven[10]);
}

/** Mod 11; a remainder of 1 gives 10, which no digit is. */
function control(weights: readonly number[], digits: string): number {
  return (11 - (weights.reduce((sum, weight, index) => sum + weight * Number(digits[index]), 0) % 11)) % 11;
}
