/*
 * Patterns for `_like` (SQL: `%` is any text) and the same tests in code. A pattern only holds letters and digits
 * between its wildcards, so nothing in a value can act as one.
 */

const WORDS = /[\p{L}\p{N}]+/gu;

/** `%9%2%1%…%`: whatever stands before, between and behind the digits. */
export function likeEverySpelling(digits: string): string {
  return `%${Array.from(digits).join('%')}%`;
}

/** Letters and digits in upper case: `de 921.074.352` is `DE921074352`. */
function lettersAndDigits(text: string): string {
  return (text.normalize('NFKC').match(WORDS) ?? []).join('').toUpperCase();
}

/** Digits are the same in every collation; a number with too few of them is sought with its letters. */
export function likeForeign(number: string): string | undefined {
  const characters = lettersAndDigits(number);
  const digits = characters.replaceAll(/\D/g, '');
  if (characters === '') return undefined;
  return likeEverySpelling(digits.length >= 5 ? digits : characters);
}

export function wordsOf(name: string): readonly string[] {
  return name.normalize('NFC').match(WORDS) ?? [];
}

/**
 * A name of several words is rare enough wherever they stand. One word (`Bygg`) is part of many names: it must begin the
 * name or follow a form such as `A/S`, and nothing but a separate word may follow.
 */
export function likeName(name: string): readonly string[] {
  const words = wordsOf(name);
  const [only] = words;
  if (only === undefined) return [];
  if (words.length > 1) return [`%${words.join('%')}%`];
  return [only, `${only} %`, `${only},%`, `${only}.%`, `A%S ${only}`];
}

/** Whether the words stand in the text in their order, without regard to case. */
export function holdsWords(text: string, name: string): boolean {
  const words = wordsOf(name).map((word) => word.toLowerCase());
  const within = text.normalize('NFC').toLowerCase();
  let at = 0;
  for (const word of words) {
    const found = within.indexOf(word, at);
    if (found < 0) return false;
    at = found + word.length;
  }
  return words.length > 0;
}

/** The words of the part before the `@`; the domain has two spellings (IDN), so it is left out. */
export function localPartOf(email: string): string {
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}
