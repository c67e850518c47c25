import {
  addressLines,
  sameCity,
  sameEmail,
  sameOrganizationNumber,
  samePhone,
  sameText,
  type ContactValues,
  type CustomerValues,
} from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { AssociateRow, Column, RowValues } from '../../erp/index.ts';

const NOTHING = new Personal('');

/** One field of the CRM as the ERP's columns hold it. */
export interface WantedField {
  /** Its name in the change event. */
  readonly field: string;
  readonly columns: RowValues;
}

/** What the CRM wants the row to hold, field by field; fields the CRM does not manage are left out. */
export function wantedFields(values: CustomerValues | ContactValues): readonly WantedField[] {
  return 'companyName' in values ? customerFields(values) : contactFields(values);
}

function customerFields(values: CustomerValues): readonly WantedField[] {
  const { companyName, organizationNumber: organization, address, postalCode, city } = values;
  const lines = addressLines(address?.reveal() ?? '').map((line) => new Personal(line));
  const [line1 = NOTHING, line2 = NOTHING, line3 = NOTHING, line4 = NOTHING] = lines;
  return present([
    { field: 'companyName', columns: { name: companyName } },
    organization && { field: 'organizationNumber', columns: { companyNo: organization.digits ?? organization.text } },
    address && {
      field: 'address',
      columns: {
        addressLine1: line1,
        addressLine2: line2,
        addressLine3: line3,
        addressLine4: line4,
      },
    },
    postalCode && { field: 'postalCode', columns: { postCode: postalCode } },
    city && { field: 'city', columns: { postalArea: city } },
  ]);
}

function contactFields({ name, emailAddress, phoneNumber }: ContactValues): readonly WantedField[] {
  return present([
    { field: 'name', columns: { name } },
    emailAddress && { field: 'emailAddress', columns: { emailAddress } },
    phoneNumber && { field: 'phoneNumber', columns: { phone: phoneNumber } },
  ]);
}

const present = (fields: readonly (WantedField | undefined)[]): readonly WantedField[] =>
  fields.filter((field) => field !== undefined);

/** The ERP's spelling of the same thing stays. Columns that are not named here compare as text. */
const SAME: Partial<Record<Column, (wanted: string, held: string) => boolean>> = {
  companyNo: sameOrganizationNumber,
  postalArea: sameCity,
  emailAddress: sameEmail,
  phone: samePhone,
  mobilePhone: samePhone,
  externalId: (wanted, held) => wanted === held,
};

const plain = (value: string | number | Personal): string =>
  value instanceof Personal ? value.reveal() : String(value);

function isHeld(column: Column, wanted: string, row: AssociateRow): boolean {
  const same = SAME[column] ?? sameText;
  // Accounting keeps some numbers as mobile numbers: the person can be reached, so there is nothing to write.
  const isMobile = column === 'phone' && wanted !== '' && same(wanted, row.mobilePhone.reveal());
  return isMobile || same(wanted, plain(row[column]));
}

/** The columns whose wanted content the row does not hold. */
export function difference(wanted: RowValues, row: AssociateRow): RowValues {
  return Object.fromEntries(
    columnsOf(wanted).flatMap((column) => {
      const value = wanted[column];
      return value === undefined || isHeld(column, plain(value), row) ? [] : [[column, value]];
    }),
  );
}

const columnsOf = (values: RowValues): readonly Column[] => Object.keys(values) as Column[];

/** True when a row holds nothing in these columns. */
export function isEmptyIn(columns: RowValues, row: AssociateRow): boolean {
  return columnsOf(columns).every((column) => isNothing(row[column]));
}

/** A new row says nothing about columns that shall be empty. */
export function withoutEmpty(values: RowValues): RowValues {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => !isNothing(value)));
}

const isNothing = (held: string | number | Personal): boolean =>
  held instanceof Personal ? held.reveal().trim() === '' : held === '' || held === 0;
