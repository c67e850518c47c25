const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];
/** White space of every kind and invisible format characters, which copying leaves behind. */
const GAPS = /[\s\p{Cf}]+/gu;

/**
 * The control digit of a Norwegian organisation number is mod 11 with these weights; a remainder of 1 has no digit.
 * https://www.brreg.no/om-oss/registrene-vare/om-enhetsregisteret/organisasjonsnummeret/
 */
function passesMod11(nine: string): boolean {
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(nine[index]), 0);
  return (11 - (sum % 11)) % 11 === Number(nine[8]);
}

/**
 * The nine digits of a Norwegian organisation number in any usual spelling (`NO 921 074 352 MVA`), else null: foreign
 * numbers (`DE921074352`), a wrong control digit, and anything with other characters in it.
 */
export function organizationDigits(text: string): string | null {
  const nine = /^(?:NO)?(\d{9})(?:MVA)?$/i.exec(text.replace(GAPS, ''))?.[1];
  return nine !== undefined && passesMod11(nine) ? nine : null;
}
