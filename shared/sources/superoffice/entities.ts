import * as z from 'zod';
import type { PropertyGate } from '../gate.ts';
import { toIso } from '../time.ts';

// The parts of SuperOffice's ContactEntity (a company) and PersonEntity that are read:
// https://docs.superoffice.com/en/api/reference/restful/rest/

const text = z.string().nullish();
const values = z.array(z.object({ Value: text })).nullish();
const place = z.looseObject({ Address1: text, Address2: text, Address3: text, Zipcode: text, City: text }).nullish();

export const companyEntity = z.looseObject({
  ContactId: z.int(),
  Name: text,
  OrgNr: text,
  UpdatedDate: text,
  CreatedDate: text,
  Deleted: z.int().nullish(),
  Address: z.looseObject({ Postal: place, Street: place }).nullish(),
  Persons: z.array(z.object({ PersonId: z.int() })).nullish(),
  CustomFields: z.record(z.string(), z.unknown()).nullish(),
  UserDefinedFields: z.record(z.string(), z.unknown()).nullish(),
});
export type CompanyEntity = z.infer<typeof companyEntity>;

export const personEntity = z.looseObject({
  PersonId: z.int(),
  Firstname: text,
  MiddleName: text,
  Lastname: text,
  UpdatedDate: text,
  CreatedDate: text,
  Emails: values,
  OfficePhones: values,
  MobilePhones: values,
  Contact: z.object({ ContactId: z.int() }).nullish(),
});
export type PersonEntity = z.infer<typeof personEntity>;

type Dated = Pick<CompanyEntity, 'UpdatedDate' | 'CreatedDate'>;

/** SuperOffice writes year 1 for a record that was never changed. */
export function modifiedAt({ UpdatedDate, CreatedDate }: Dated): string {
  const times = [UpdatedDate, CreatedDate].map((time) => toIso(time) ?? '').filter((time) => time > '1900');
  return times[0] ?? new Date(0).toISOString();
}

/** A list such as `Category` counts by its text and by its id; other names are fields, or user-defined ones. */
export function passes(gate: PropertyGate | null, company: CompanyEntity): boolean {
  if (gate === null) return true;
  const { CustomFields, UserDefinedFields } = company;
  const value = company[gate.property] ?? CustomFields?.[gate.property] ?? UserDefinedFields?.[gate.property];
  const list = z.object({ Id: z.number().optional(), Value: z.string().optional() }).safeParse(value).data;
  return list === undefined ? gate.opens(value) : gate.opens(list.Value) || gate.opens(list.Id);
}
