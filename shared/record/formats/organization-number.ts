import { isForeignCountry } from './countries.ts';
import { withPlainDigits, withoutInvisible } from './text.ts';
import { holdsNationalId, mayHoldNationalId } from './national-id.ts';
import type { OrganizationNumber } from '../types.ts';

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** What stands beside a number and says nothing about it, without the punctuation. */
const LABELS =
  'ORG|ORGNR|ORGNO|ORGNUMMER|ORGANISASJONSNUMMER|ORGANISASJONSNR|ORGANISATIONSNUMMER|ORGANISATIONNUMBER|' +
  'ORGANIZATIONNUMBER|NR|VAT|VATNO|VATNR|FORETAKSREGISTERET|ENHETSREGISTERET|MERVERDIAVGIFTSREGISTERET|MVA|MVANR';
const IN_FRONT = new RegExp(`^(?:${LABELS}){1,3}(?=[A-Z]*\\d)`);
const NORWEGIAN = new RegExp(`^(?:${LABELS}|NO){0,4}(\\d{9})(?:${LABELS}|NO){0,4}$`);
/** A country's letters, in some countries more of them, then digits and perhaps letters: `ATU12345678`, `NL123456789B01`. */
const FOREIGN = /^(?:ATU|CHE|ES[A-Z]|FR[A-Z\d]{2}|GB(?:GD|HA|NI|OC|SC)|[A-Z]{2})\d[A-Z\d]{3,17}$/;
/** What is typed where a form wants a number; it passes mod 11, and would make all who have it one company. */
const NOTHING = '000000000';
const LEAST_DIGITS = 4;
/** Countries whose companies have numbers of eleven digits. */
const ELEVEN_DIGITS = /^(?:AR|AU|FR|HR|HU|IT|LV|PE)\d{11}$/;

/**
 * The control digit of a Norwegian organisation number is mod 11 with these weights; a remainder of 1 has no digit.
 * https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/
 */
function passesMod11(nine: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(nine[index]), 0);
  return (11 - (sum % 11)) % 11 === Number(nine[8]);
}

/**
 * A number in any spelling → what it is and the key by which two are the same. Separators and labels do not matter:
 * `NO 921 074 352 MVA`, `Org.nr. 921.074.352`, `0192:921074352`, `="921074352"`, `921074352.0`.
 */
export function organizationNumber(text: string): OrganizationNumber {
  const bare = charactersOf(text);
  if (text.trim() === '') return { kind: 'empty', text, digits: null, key: null };
  const nine = NORWEGIAN.exec(bare)?.[1];
  if (nine !== undefined && passesMod11(nine) && nine !== NOTHING)
    return { kind: 'norwegian', text, digits: nine, key: nine };
  const foreign = bare.replace(IN_FRONT, '');
  if (isForeign(foreign)) return { kind: 'foreign', text, digits: null, key: foreign };
  return { kind: 'other', text, digits: null, key: null };
}

function isForeign(bare: string): boolean {
  return FOREIGN.test(bare) && isForeignCountry(bare.slice(0, 2)) && digitsIn(bare) >= LEAST_DIGITS;
}

const digitsIn = (text: string): number => text.replace(/\D/g, '').length;

/** Letters and digits in upper case, without a decimal of nothing and the number of a register in front. */
function charactersOf(text: string): string {
  return withPlainDigits(withoutInvisible(text))
    .toUpperCase()
    .replace(/^.*\b(?:0192|9908)\s*:/, '')
    .replace(/^(\D*(?:\d\D{0,3}){8}\d)[.,]0{1,2}(?=\D*$)/, '$1')
    .replace(/[^\p{L}\p{N}]/gu, '');
}

/** The nine digits of a Norwegian organisation number in any spelling, else null. */
export const organizationDigits = (text: string): string | null => organizationNumber(text).digits;

/** A text that says something of its own: a word in its place may be replaced, a number may not. */
export function isANumber(text: string): boolean {
  const { kind } = organizationNumber(text);
  return kind === 'norwegian' || kind === 'foreign' || /^\d{4,}$/.test(charactersOf(text));
}

/** Whether an identity number stands where the number should. Companies of some countries have eleven digits. */
export function isNationalIdInstead(text: string): boolean {
  const { kind, key } = organizationNumber(text);
  if (kind === 'norwegian') return false;
  if (kind !== 'foreign' || key === null) return mayHoldNationalId(text);
  // Ten digits are a usual number elsewhere, not one of ours without its zero.
  return digitsIn(key) === 11 ? !ELEVEN_DIGITS.test(key) && mayHoldNationalId(text) : holdsNationalId(text, 'whole');
}
