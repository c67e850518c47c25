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
