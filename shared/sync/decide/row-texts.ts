import type { AssociateRow } from '../../erp/index.ts';

/** What the ERP's row holds in a field of the event, as texts: two for a phone number, which has two columns. Personal. */
export function textsOfRow(field: string, row: AssociateRow): readonly string[] {
  return TEXTS[field]?.(row) ?? [];
}

const TEXTS: Readonly<Record<string, (row: AssociateRow) => readonly string[]>> = {
  companyName: ({ name }) => [name.reveal()],
  organizationNumber: ({ companyNo }) => [companyNo],
  address: ({ addressLine1, addressLine2, addressLine3, addressLine4 }) => [
    [addressLine1, addressLine2, addressLine3, addressLine4]
      .map((line) => line.reveal().trim())
      .filter((line) => line !== '')
      .join('\n'),
  ],
  postalCode: ({ postCode }) => [postCode.reveal()],
  city: ({ postalArea }) => [postalArea.reveal()],
  name: ({ name }) => [name.reveal()],
  emailAddress: ({ emailAddress }) => [emailAddress.reveal()],
  phoneNumber: ({ phone, mobilePhone }) => [phone.reveal(), mobilePhone.reveal()],
};

/** Every column that a field of the event fills. */
export const FIELD_COLUMNS = [
  'name',
  'companyNo',
  'addressLine1',
  'addressLine2',
  'addressLine3',
  'addressLine4',
  'postCode',
  'postalArea',
  'phone',
  'mobilePhone',
  'emailAddress',
] as const;

/** Whether a column is one that a field of the event stands in. */
export const isFieldColumn = (column: string): column is (typeof FIELD_COLUMNS)[number] =>
  FIELD_COLUMNS.some((each) => each === column);
