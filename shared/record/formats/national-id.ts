const GAPS = /[\s\p{Cf}]+/gu;
/** Eleven digits with no more digits beside them, however they are grouped: `010190 12345`, `010190-12345`. */
const ELEVEN_DIGITS = /(?<!\d[.\-/]*)\d(?:[.\-/]*\d){10}(?![.\-/]*\d)/u;
/** Company numbers of eleven digits, recognised by the country code of their VAT form. */
const FOREIGN_COMPANY = /^(?:IT|HR|LV|FR)\d{11}$/i;

/**
 * Whether a text that should be an organisation number holds a national identity number (fødselsnummer, D-number and
 * the like). Every free-standing run of eleven digits counts, whatever its control digits say: a mistyped identity
 * number is still personal, and from 2032 the control digits of new ones follow another rule. Companies have nine
 * digits in Norway; a foreign eleven-digit one is told apart by its country code.
 */
export function holdsNationalId(text: string): boolean {
  const dense = text.replace(GAPS, '');
  return ELEVEN_DIGITS.test(dense) && !FOREIGN_COMPANY.test(dense);
}
