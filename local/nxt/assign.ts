import { type Column, type RowSeed, type SandboxRow, type TextKey, TEXT_KEYS } from './columns.ts';
import { OTHER_TEXT_LENGTH, type RowErrorMode, type Settings } from './options.ts';
import { RowError } from './row-error.ts';
import type { Store } from './store.ts';
import { type Interval, isRole, suggestNumber } from './suggest.ts';

export interface Assignment {
  readonly column: Column;
  /** `null` asks for a suggestion (verified); it never means "empty". */
  readonly value: string | number | null;
  /** Where a suggested number has to lie. */
  readonly interval?: Interval;
}

export interface Assigned {
  readonly row: SandboxRow;
  readonly errors: readonly RowError[];
}

interface Circumstances {
  readonly store: Store;
  readonly settings: Settings;
  readonly creating: boolean;
}

const isText = (key: string): key is TextKey => TEXT_KEYS.has(key);

function suggested(
  { column: { key }, interval }: Assignment,
  row: SandboxRow,
  { store, settings }: Circumstances,
): string | number {
  if (isRole(key)) return suggestNumber(store, key, interval);
  if (key === 'shortName') return row.name;
  if (isText(key) && settings.nullText === 'suggest') return `Suggested ${key}`;
  throw new RowError('NoSuggestion', `No value can be suggested for ${key}.`);
}

function fitting(key: TextKey, text: string, { settings }: Circumstances): string {
  const longest = settings.maxLengths[key] ?? OTHER_TEXT_LENGTH;
  if (text.length <= longest) return text;
  if (settings.overflow === 'truncate') return text.slice(0, longest);
  throw new RowError('ValueTooLong', `The value of ${key} is longer than ${longest} characters.`);
}

/** Throws when the value cannot stand in the row. */
function check({ key }: Column, value: string | number, row: SandboxRow, { store, creating }: Circumstances): void {
  if (value === 0) return;
  if (isRole(key) && typeof value === 'number') {
    if (value < 0) throw new RowError('IllegalValue', `Illegal value of ${key}.`);
    if (store.isTaken(key, value, row.associateNo)) throw new RowError('ValueAlreadyInUse', 'Value is already in use');
  }
  if (key === 'customerNo' && !creating && row.customerNo !== 0 && row.customerNo !== value) {
    // Renumbering a customer is a processing of its own, through NwCNo (classic documentation).
    throw new RowError('ReadOnly', 'The customer number cannot be changed.');
  }
  if ((key === 'contactForAssociateNo' || key === 'deliveryToAssociateNo') && store.get(Number(value)) === undefined) {
    throw new RowError('IllegalValue', `The associate that ${key} names does not exist.`);
  }
}

/** What the backend fills in after one value was assigned. Country fills language and currency (classic, verified). */
function consequences(key: string, row: SandboxRow, { store, settings, creating }: Circumstances): RowSeed {
  if (key === 'name' && creating && row.shortName === '') {
    return { shortName: row.name.slice(0, settings.maxLengths.shortName ?? OTHER_TEXT_LENGTH) };
  }
  if (key === 'countryNo') return { languageNo: row.countryNo, currencyNo: row.countryNo };
  const company = key === 'contactForAssociateNo' ? store.get(row.contactForAssociateNo) : undefined;
  if (!creating || !settings.copyAddressToContact || company === undefined || row.addressLine1 !== '') return {};
  return { addressLine1: company.addressLine1, postCode: company.postCode, postalArea: company.postalArea };
}

function assignOne(row: SandboxRow, assignment: Assignment, circumstances: Circumstances): SandboxRow {
  const { column, value } = assignment;
  const wanted = value ?? suggested(assignment, row, circumstances);
  const stored = isText(column.key) && typeof wanted === 'string' ? fitting(column.key, wanted, circumstances) : wanted;
  check(column, stored, row, circumstances);
  const next = { ...row, [column.key]: stored };
  return { ...next, ...consequences(column.key, next, circumstances) };
}

/** Assigns in the order written, as the real service does; later values see what earlier ones suggested. */
export function assign(
  start: SandboxRow,
  assignments: readonly Assignment[],
  mode: RowErrorMode,
  circumstances: Circumstances,
): Assigned {
  const errors: RowError[] = [];
  let row = start;
  for (const assignment of assignments) {
    try {
      row = assignOne(row, assignment, circumstances);
    } catch (error) {
      if (!(error instanceof RowError)) throw error;
      errors.push(error);
      if (mode !== 'fields') break;
    }
  }
  return { row, errors };
}
