import { organizationDigits, organizationNumber } from '../../record/index.ts';
import type { Columns, RowColumn } from './columns.ts';
import { isErpInt } from './rows.ts';
import type { AssociateRow, ContactLike, Selector } from './types.ts';

/*
 * Patterns for `_like` (SQL: `%` is any text) and the same tests in code. A pattern only holds letters and digits
 * between its wildcards, so nothing in a value can act as one.
 */

const WORDS = /[\p{L}\p{N}]+/gu;

/** `%9%2%1%…%`: whatever stands before, between and behind the digits. */
function likeEverySpelling(digits: string): string {
  return `%${Array.from(digits).join('%')}%`;
}

/** Letters and digits in upper case: `de 921.074.352` is `DE921074352`. */
function lettersAndDigits(text: string): string {
  return (text.normalize('NFKC').match(WORDS) ?? []).join('').toUpperCase();
}

/** Digits are the same in every collation; a number with too few of them is sought with its letters. */
function likeForeign(number: string): string | undefined {
  const characters = lettersAndDigits(number);
  const digits = characters.replaceAll(/\D/g, '');
  if (characters === '') return undefined;
  return likeEverySpelling(digits.length >= 5 ? digits : characters);
}

function wordsOf(name: string): readonly string[] {
  return name.normalize('NFC').match(WORDS) ?? [];
}

/**
 * A name of several words is rare enough wherever they stand. One word (`Bygg`) is part of many names: it must begin the
 * name or follow a form such as `A/S`, and nothing but a separate word may follow.
 */
function likeName(name: string): readonly string[] {
  const words = wordsOf(name);
  const [only] = words;
  if (only === undefined) return [];
  if (words.length > 1) return [`%${words.join('%')}%`];
  return [only, `${only} %`, `${only},%`, `${only}.%`, `A%S ${only}`];
}

/** Whether the words stand in the text in their order, without regard to case. */
function holdsWords(text: string, name: string): boolean {
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
function localPartOf(email: string): string {
  return email.slice(0, Math.max(0, email.lastIndexOf('@')));
}

/** A `FilterExpression_Associate`. */
export type Filter = Readonly<Record<string, unknown>>;

/**
 * One filter for many selectors, joined by "or": a sieve that lets through every row some selector may fit, and perhaps
 * more (the ERP's collation ignores case). `undefined` when no selector can fit anything.
 */
export function filterOf(columns: Columns, selectors: readonly Selector[]): Filter | undefined {
  const numbers = (key: 'associateNo' | 'customerNo' | 'contactsOf' | 'pointingAt') => [
    ...new Set(selectors.flatMap((each) => each[key] ?? []).filter((no) => no > 0 && isErpInt(no))),
  ];
  const texts = (key: 'externalId' | 'organizationDigits' | 'organizationText') => [
    ...new Set(selectors.flatMap((each) => each[key] ?? []).filter((text) => text !== '')),
  ];
  const among = (column: RowColumn, values: readonly unknown[]): Filter[] => {
    const field = columns.by[column];
    return field === undefined || values.length === 0 ? [] : [{ [field.name]: { _in: values } }];
  };
  const like = (column: RowColumn, patterns: readonly string[]): Filter[] => {
    const field = columns.by[column];
    return field === undefined ? [] : [...new Set(patterns)].map((pattern) => ({ [field.name]: { _like: pattern } }));
  };
  const contactLike = ({ of, name, emailAddress }: ContactLike): Filter[] => {
    const words = [...wordsOf(localPartOf(emailAddress?.reveal() ?? ''))];
    const alike = [...like('name', likeAnywhere(wordsOf(name.reveal()))), ...like('emailAddress', likeAnywhere(words))];
    return alike.length === 0 || !isErpInt(of) ? [] : [{ _and: [...among('contactFor', [of]), { _or: alike }] }];
  };
  const organizations = [
    ...texts('organizationDigits')
      .filter((digits) => /^\d{9}$/.test(digits))
      .map(likeEverySpelling),
    ...texts('organizationText').flatMap((text) => likeForeign(text) ?? []),
  ];
  const names = selectors.flatMap(({ nameLike }) => (nameLike === undefined ? [] : likeName(nameLike.reveal())));
  const alternatives: Filter[] = [
    ...among('externalId', texts('externalId')),
    ...among('associateNo', numbers('associateNo')),
    ...among('customerNo', numbers('customerNo')),
    ...like('companyNo', organizations),
    ...like('name', names),
    ...selectors.flatMap((each) => (each.contactLike === undefined ? [] : contactLike(each.contactLike))),
    ...among('contactFor', [...new Set([...numbers('contactsOf'), ...numbers('pointingAt')])]),
    ...among('deliverTo', numbers('pointingAt')),
  ];
  return alternatives.length === 0 ? undefined : { _or: alternatives };
}

const likeAnywhere = (words: readonly string[]): string[] => (words.length === 0 ? [] : [`%${words.join('%')}%`]);

/** Whether the row is what the selector asks for, compared in code. Empty keys (`''`, 0) fit nothing. */
export function fits(row: AssociateRow, selector: Selector): boolean {
  const { externalId, associateNo, customerNo, contactsOf, pointingAt, organizationText, nameLike } = selector;
  return (
    (isKey(externalId) && row.externalId === externalId) ||
    (isKey(associateNo) && row.associateNo === associateNo) ||
    (isKey(customerNo) && row.customerNo === customerNo) ||
    (isKey(selector.organizationDigits) && organizationDigits(row.companyNo) === selector.organizationDigits) ||
    (isKey(organizationText) && isSameForeign(row.companyNo, organizationText)) ||
    (nameLike !== undefined && holdsWords(row.name.reveal(), nameLike.reveal())) ||
    (selector.contactLike !== undefined && isContactLike(row, selector.contactLike)) ||
    (isKey(contactsOf) && row.contactFor === contactsOf) ||
    (isKey(pointingAt) && (row.contactFor === pointingAt || row.deliverTo === pointingAt))
  );
}

function isSameForeign(stored: string, wanted: string): boolean {
  const { key } = organizationNumber(wanted);
  return key !== null && organizationNumber(stored).key === key;
}

function isContactLike(row: AssociateRow, { of, name, emailAddress }: ContactLike): boolean {
  if (of === 0 || row.contactFor !== of) return false;
  const local = localPartOf(emailAddress?.reveal() ?? '');
  return holdsWords(row.name.reveal(), name.reveal()) || holdsWords(row.emailAddress.reveal(), local);
}

function isKey<Key extends string | number>(value: Key | undefined): value is Key {
  return value !== undefined && value !== '' && value !== 0;
}
