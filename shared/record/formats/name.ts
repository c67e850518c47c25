import { foldCase, withoutInvisible } from './text.ts';

/** Legal forms that are no word of anything else. */
const FORMS = words(
  'as asa ans enk nuf iks ab aps oy oyj gmbh ltd llc inc aksjeselskap aktiebolag aktieselskab limited',
);
/** Legal forms that are words or names too (`Da Silva`): only at the end of a name. */
const FORMS_AT_END = words('da ba sa ks sf kf fkf ag kg bv nv plc sarl sas spa srl corp co publ');

function words(text: string): ReadonlySet<string> {
  return new Set(text.split(' '));
}

/** The words of a name without regard to case and punctuation; `A/S`, `A.S.` and `A S` are `as`. */
function wordsOf(name: string): readonly string[] {
  const plain = foldCase(withoutInvisible(name).normalize('NFKC')).replace(/['’`´]/gu, '');
  const joined: string[] = [];
  let wasLetter = false;
  for (const word of plain.match(/[\p{L}\p{N}\p{M}]+/gu) ?? []) {
    const isLetter = /^\p{L}$/u.test(word);
    if (isLetter && wasLetter) joined.push(`${joined.pop() ?? ''}${word}`);
    else joined.push(word);
    wasLetter = isLetter;
  }
  return joined;
}

function withoutForm(all: readonly string[]): readonly string[] {
  const rest = all.filter((word) => !FORMS.has(word));
  while (rest.length > 1 && FORMS_AT_END.has(rest.at(-1) ?? '')) rest.pop();
  return rest.length === 0 ? all : rest;
}

/** One name in two spellings: case, punctuation, blanks and invisible characters do not matter. */
export function sameName(a: string, b: string): boolean {
  const [first, second] = [wordsOf(a), wordsOf(b)];
  return first.length > 0 && first.join(' ') === second.join(' ');
}

/** The same for companies, and the legal form does not matter: `Port-Service Øst AS` = `PORT SERVICE ØST`. */
export function sameCompanyName(a: string, b: string): boolean {
  const [first, second] = [withoutForm(wordsOf(a)), withoutForm(wordsOf(b))];
  return first.length > 0 && first.join(' ') === second.join(' ');
}

/** A text that the spellings of one company's name share, see `sameCompanyName`. */
export const companyNameKey = (name: string): string => withoutForm(wordsOf(name)).join(' ');

/** Two names may be one company's: equal as above, or all words of one stand in the other. */
export function namesAgree(a: string, b: string): boolean {
  const [first, second] = [withoutForm(wordsOf(a)), withoutForm(wordsOf(b))];
  if (first.length === 0 || second.length === 0) return false;
  return first.join('') === second.join('') || isPart(first, second) || isPart(second, first);
}

const isPart = (some: readonly string[], all: readonly string[]): boolean => some.every((word) => all.includes(word));

/** The ERP suggests a row's short name from its name: one that still equals it follows a new name. */
export function followsName(shortName: string, oldName: string): boolean {
  return shortName.trim() !== '' && shortName.normalize('NFC').trim() === oldName.normalize('NFC').trim();
}
