import type { Kind } from '../../shared/record/index.ts';
import { organizationNumbers } from './organization-numbers.ts';

/*
 * The fields of the change events as accounting and the CRM's people see them, said anew: nothing here is the
 * program's.
 */

export interface EditedField {
  /** Where the ERP keeps it. */
  readonly columns: readonly string[];
  /** A value that was never there before. */
  readonly make: (n: number) => string;
  /** Two spellings of one value. */
  readonly same: (a: string, b: string) => boolean;
  /** The same, spelled otherwise; null where there is no other spelling. */
  readonly spell: ((value: string) => string) | null;
  /** The CRM may have nothing in it. */
  readonly mayBeCleared: boolean;
  /** Who may change it, where FIELD_OWNER does not say. */
  readonly owner: Owner;
}

export type Owner = 'crm' | 'erp' | 'both' | 'ask';

const NUMBERS = organizationNumbers(4_000);
const equal = (a: string, b: string): boolean => a === b;
const equalIgnoringCase = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();
const digits = (text: string): string => text.replaceAll(/\D/gu, '').slice(-8);
const upper = (text: string): string => text.toUpperCase();

const field = (columns: readonly string[], owner: Owner, make: EditedField['make']): EditedField => ({
  columns,
  make,
  same: equal,
  spell: null,
  mayBeCleared: true,
  owner,
});

export const EDITED: Readonly<Record<Kind, Readonly<Record<string, EditedField>>>> = {
  customer: {
    companyName: { ...field(['name'], 'both', (n) => `Firma ${n} AS`), mayBeCleared: false },
    organizationNumber: {
      ...field(['companyNo'], 'ask', (n) => NUMBERS[n % NUMBERS.length] ?? ''),
      same: (a, b) => digits9(a) === digits9(b),
      spell: (number) => `NO ${number} MVA`,
    },
    address: field(['addressLine1', 'addressLine2', 'addressLine3', 'addressLine4'], 'both', (n) =>
      n % 3 === 0 ? `Inngang ${n}\nGate ${n}` : `Gate ${n}`,
    ),
    postalCode: field(['postCode'], 'both', (n) => String(1000 + n)),
    city: { ...field(['postalArea'], 'both', (n) => `By ${n}`), same: equalIgnoringCase, spell: upper },
  },
  contact: {
    name: { ...field(['name'], 'crm', (n) => `Person ${n}`), mayBeCleared: false },
    emailAddress: {
      ...field(['emailAddress'], 'crm', (n) => `p${n}@example.no`),
      same: equalIgnoringCase,
      spell: upper,
    },
    phoneNumber: {
      ...field(['phone'], 'crm', (n) => `+47920${10_000 + n}`),
      same: (a, b) => digits(a) === digits(b),
      spell: (number) => `${digits(number).slice(0, 3)} ${digits(number).slice(3)}`,
    },
  },
};

function digits9(text: string): string {
  return text.replaceAll(/\D/gu, '');
}

/** A field's text in a row of the ERP, columns by name. */
export const textIn = ({ columns }: EditedField, row: Readonly<Record<string, string>>): string =>
  columns
    .map((column) => row[column] ?? '')
    .filter((text) => text !== '')
    .join('\n');

/** The columns of a value that a person enters. */
export function columnsOf({ columns }: EditedField, value: string): Readonly<Record<string, string>> {
  const lines = value.split('\n');
  return Object.fromEntries(columns.map((column, n) => [column, lines[n] ?? '']));
}
