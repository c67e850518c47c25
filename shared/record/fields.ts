import { Personal } from '../privacy/index.ts';
import { cleanAddress } from './formats/address.ts';
import { emailAddress } from './formats/email.ts';
import { isAssociateNo, isCrmId, isCustomerNo } from './ids.ts';
import { holdsNationalId } from './formats/national-id.ts';
import { organizationDigits } from './formats/organization-number.ts';
import { phoneE164 } from './formats/phone.ts';
import { dropped, problem, type Reading, value, valueWithWarning } from './reading.ts';
import { cleanLine, MAX_NAME, MAX_TEXT } from './formats/text.ts';
import type { AssociateNo, CrmId, CustomerNo, OrganizationNumber } from './types.ts';

// One function per sort of field: the text as the CRM sent it → what is stored. None of them throws.

/** A name is required: an empty one is a problem. */
export function readName(raw: string): Reading<Personal> {
  const text = cleanLine(raw);
  if (text === '') return problem('value.missing');
  return text.length > MAX_NAME ? problem('value.too-long') : value(new Personal(text));
}

export function readLine(raw: string): Reading<Personal> {
  const text = cleanLine(raw);
  return text.length > MAX_TEXT ? problem('value.too-long') : value(new Personal(text));
}

/** Each line may be as long as a column. */
export function readAddress(raw: string): Reading<Personal> {
  const text = cleanAddress(raw);
  const fits = text.split('\n').every((line) => line.length <= MAX_TEXT);
  return fits ? value(new Personal(text)) : problem('value.too-long');
}

export const readEmail = (raw: string): Reading<Personal> => readParsed(raw, emailAddress);
export const readPhone = (raw: string): Reading<Personal> => readParsed(raw, phoneE164);

function readParsed(raw: string, parse: (text: string) => string | null): Reading<Personal> {
  const text = cleanLine(raw);
  if (text.length > MAX_TEXT) return problem('value.too-long');
  if (text === '') return value(new Personal(''));
  const parsed = parse(text);
  if (parsed === null) return valueWithWarning(new Personal(text), 'value.taken-as-text');
  // A few letters get longer in lower case.
  return parsed.length > MAX_TEXT ? problem('value.too-long') : value(new Personal(parsed));
}

export function readOrganizationNumber(raw: string): Reading<OrganizationNumber> {
  const text = cleanLine(raw);
  // Length first: it bounds the work of the searches, and an invalid record keeps no value anyway.
  if (text.length > MAX_TEXT) return problem('value.too-long');
  if (holdsNationalId(text)) return dropped('value.national-id-dropped');
  return value({ text, digits: organizationDigits(text) });
}

/** An empty relation is no relation. */
export function readRelation(raw: string): Reading<CrmId | undefined> {
  if (raw === '') return value(undefined);
  return isCrmId(raw) ? value(raw) : problem('value.invalid');
}

export const readAssociateNo = (raw: string): Reading<AssociateNo | undefined> => readNumber(raw, isAssociateNo);
export const readCustomerNo = (raw: string): Reading<CustomerNo | undefined> => readNumber(raw, isCustomerNo);

/** Numbers are the ERP's: an empty one is unknown to the CRM, not something to clear. */
function readNumber<T extends number>(raw: string, is: (value: number) => value is T & number): Reading<T | undefined> {
  if (raw === '') return value(undefined);
  const number = /^\d+$/.test(raw) ? Number(raw) : NaN;
  return is(number) ? value(number) : problem('value.invalid');
}
