import { organizationDigits, organizationNumber } from '../../record/index.ts';
import type { Columns, RowColumn } from './columns.ts';
import { isErpInt } from './rows.ts';
import { holdsWords, likeEverySpelling, likeForeign, likeName, localPartOf, wordsOf } from './sieve.ts';
import type { AssociateRow, ContactLike, Selector } from './types.ts';

/** A `FilterExpression_Associate`. */
export type Filter = Readonly<Record<string, unknown>>;

/**
 * One filter for many selectors, joined by "or": a sieve that lets through every row some selector may fit, and perhaps
 * more (the ERP's collation ignores case). `undefined` when no selector can fit anything.
 */
export function filterOf(columns: Columns, selectors: readonly Selector[]): Filter | undefined {
  const numbers = (pick: (selector: Selector) => number | undefined) => [
    ...new Set(selectors.map(pick).filter((each): each is number => each !== undefined && each > 0 && isErpInt(each))),
  ];
  const texts = (pick: (selector: Selector) => string | undefined) => [
    ...new Set(selectors.map(pick).filter((each): each is string => each !== undefined && each !== '')),
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
  const alternatives: Filter[] = [
    ...among(
      'externalId',
      texts((selector) => selector.externalId),
    ),
    ...among(
      'associateNo',
      numbers((selector) => selector.associateNo),
    ),
    ...among(
      'customerNo',
      numbers((selector) => selector.customerNo),
    ),
    ...like('companyNo', [
      ...texts((selector) => selector.organizationDigits)
        .filter((digits) => /^\d{9}$/.test(digits))
        .map(likeEverySpelling),
      ...texts((selector) => selector.organizationText).flatMap((text) => likeForeign(text) ?? []),
    ]),
    ...like(
      'name',
      selectors.flatMap(({ nameLike }) => (nameLike === undefined ? [] : likeName(nameLike.reveal()))),
    ),
    ...selectors.flatMap((selector) => (selector.contactLike === undefined ? [] : contactLike(selector.contactLike))),
    ...among('contactFor', [
      ...new Set([...numbers((selector) => selector.contactsOf), ...numbers((selector) => selector.pointingAt)]),
    ]),
    ...among(
      'deliverTo',
      numbers((selector) => selector.pointingAt),
    ),
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
