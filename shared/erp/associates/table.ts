import type { Personal } from '../../privacy/index.ts';

/** One column of the ERP's party table, as this program knows it. */
export interface TableColumn {
  /** Its SQL name: `Actor` in the ERP's data model (table 152). */
  readonly sql: string;
  /** The documented GraphQL name, used when no description carries the SQL name; not known for LiaAct and DelToAct. */
  readonly name?: string;
  readonly type: 'Int' | 'String';
  readonly use: 'key' | 'read' | 'write' | 'optional';
  readonly personal: boolean;
  /** What stands in a contact's row when the person is erased; left out: the column is kept. */
  readonly emptied?: '' | 0;
}

const personal = { type: 'String', personal: true, emptied: '' } as const;
const number = { type: 'Int', personal: false } as const;

/**
 * Every column that is read or written, texts in the order in which a row has them: the ERP assigns values in the order
 * written and runs its suggestions at each (short name from the name, place from the post code), so what suggests stands
 * before what it would suggest, and our value stays. The columns of NXT_EXTERNAL_ID_COLUMN and
 * NXT_CUSTOMER_DELETED_COLUMN are added by `resolveColumns`.
 */
export const TABLE = {
  associateNo: { ...number, sql: 'ActNo', name: 'associateNo', use: 'key' },
  customerNo: { ...number, sql: 'CustNo', name: 'customerNo', use: 'write' },
  supplierNo: { ...number, sql: 'SupNo', name: 'supplierNo', use: 'read' },
  employeeNo: { ...number, sql: 'EmpNo', name: 'employeeNo', use: 'optional' },
  contactFor: { ...number, sql: 'LiaAct', use: 'write', emptied: 0 },
  deliverTo: { ...number, sql: 'DelToAct', use: 'optional' },
  name: { ...personal, sql: 'Nm', name: 'name', use: 'write' },
  // The ERP suggests it from the name, so that the name stands there too.
  shortName: { ...personal, sql: 'Shrt', name: 'shortName', use: 'optional' },
  companyNo: { type: 'String', personal: false, sql: 'BsNo', name: 'companyNo', use: 'write' },
  addressLine1: { ...personal, sql: 'Ad1', name: 'addressLine1', use: 'write' },
  addressLine2: { ...personal, sql: 'Ad2', name: 'addressLine2', use: 'optional' },
  addressLine3: { ...personal, sql: 'Ad3', name: 'addressLine3', use: 'optional' },
  addressLine4: { ...personal, sql: 'Ad4', name: 'addressLine4', use: 'optional' },
  postCode: { ...personal, sql: 'PNo', name: 'postCode', use: 'write' },
  postalArea: { ...personal, sql: 'PArea', name: 'postalArea', use: 'write' },
  phone: { ...personal, sql: 'Phone', name: 'phone', use: 'write' },
  mobilePhone: { ...personal, sql: 'MobPh', name: 'mobilePhone', use: 'optional' },
  emailAddress: { ...personal, sql: 'MailAd', name: 'emailAddress', use: 'write' },
} as const satisfies Record<string, TableColumn>;

type Table = typeof TABLE;
type PersonalColumn = { [Name in keyof Table]: Table[Name]['personal'] extends true ? Name : never }[keyof Table];

/** Texts of a row that hold personal data; empty is `''`. */
export type RowTexts = Readonly<Record<PersonalColumn, Personal>>;
