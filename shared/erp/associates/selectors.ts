import { organizationDigits } from '../../record/index.ts';
import type { Columns, RowColumn } from './columns.ts';
import { isErpInt } from './rows.ts';
import type { AssociateRow, Selector } from './types.ts';

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
  const company = columns.by.companyNo;
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
    ...texts((selector) => selector.organizationDigits)
      .filter((digits) => /^\d{9}$/.test(digits) && company !== undefined)
      .map((digits) => ({ [company?.name ?? '']: { _like: likeEverySpelling(digits) } })),
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

/** `%9%2%1%…%`: whatever stands before, between and behind the digits. */
function likeEverySpelling(digits: string): string {
  return `${digits.replaceAll(/\d/g, '%$&')}%`;
}

/** Whether the row is what the selector asks for, compared exactly. Empty keys (`''`, 0) fit nothing. */
export function fits(row: AssociateRow, selector: Selector): boolean {
  const { externalId, associateNo, customerNo, contactsOf, pointingAt } = selector;
  return (
    (isKey(externalId) && row.externalId === externalId) ||
    (isKey(associateNo) && row.associateNo === associateNo) ||
    (isKey(customerNo) && row.customerNo === customerNo) ||
    (isKey(selector.organizationDigits) && organizationDigits(row.companyNo) === selector.organizationDigits) ||
    (isKey(contactsOf) && row.contactFor === contactsOf) ||
    (isKey(pointingAt) && (row.contactFor === pointingAt || row.deliverTo === pointingAt))
  );
}

function isKey(value: string | number | undefined): boolean {
  return value !== undefined && value !== '' && value !== 0;
}
