import { Personal } from '../privacy/index.ts';
import { cleanAddress } from './formats/address.ts';
import { hasBrokenLetters, looksEncoded } from './formats/damage.ts';
import { emailAddress } from './formats/email.ts';
import { isAssociateNo, isCrmId, isCustomerNo } from './ids.ts';
import { holdsNationalId } from './formats/national-id.ts';
import { isNationalIdInstead, organizationNumber } from './formats/organization-number.ts';
import { phoneE164 } from './formats/phone.ts';
import { dropped, problem, type Reading, value, valueWithWarning } from './reading.ts';
import { cleanLine, MAX_NAME, MAX_TEXT } from './formats/text.ts';
import type { AssociateNo, CrmId, CustomerNo, OrganizationNumber } from './types.ts';

// One function per sort of field: the text as the CRM sent it → what is stored. None of them throws.

/** A name is required: an empty one is a problem, and so is one that may not be kept or lacks letters. */
export function readName(raw: string): Reading<Personal> {
  const text = cleanLine(raw);
  if (text === '') return problem('value.missing');
  if (holdsNationalId(text)) return problem('value.national-id');
  if (hasBrokenLetters(raw)) return problem('value.broken-letters');
  return text.length > MAX_NAME ? problem('value.too-long') : asWritten(raw, text);
}

export const readLine = (raw: string): Reading<Personal> => readText(raw, cleanLine(raw));

/** Each line may be as long as a column. */
export const readAddress = (raw: string): Reading<Personal> => readText(raw, cleanAddress(raw));

export const readEmail = (raw: string): Reading<Personal> => readParsed(raw, emailAddress);
export const readPhone = (raw: string): Reading<Personal> => readParsed(raw, phoneE164);

function readParsed(raw: string, parse: (text: string) => string | null): Reading<Personal> {
  const text = cleanLine(raw);
  const reading = readText(raw, text);
  if (reading.kind !== 'value' || text === '') return reading;
  const parsed = parse(text);
  if (parsed === null) return { warning: 'value.taken-as-text', ...reading };
  // A few letters get longer in lower case.
  return parsed.length > MAX_TEXT ? problem('value.too-long') : { ...reading, value: new Personal(parsed) };
}

/** @param raw as sent; what is damaged shows there, not in the clean text. */
function readText(raw: string, text: string): Reading<Personal> {
  if (text.split('\n').some((line) => line.length > MAX_TEXT)) return problem('value.too-long');
  if (holdsNationalId(text)) return dropped('value.national-id-dropped');
  return hasBrokenLetters(raw) ? dropped('value.broken-letters') : asWritten(raw, text);
}

function asWritten(raw: string, text: string): Reading<Personal> {
  const personal = new Personal(text);
  return looksEncoded(raw) ? valueWithWarning(personal, 'value.looks-encoded') : value(personal);
}

export function readOrganizationNumber(raw: string): Reading<OrganizationNumber> {
  const text = cleanLine(raw);
  // Length first: it bounds the work of the searches, and an invalid record keeps no value anyway.
  if (text.length > MAX_TEXT) return problem('value.too-long');
  if (isNationalIdInstead(text)) return dropped('value.national-id-dropped');
  if (hasBrokenLetters(raw)) return dropped('value.broken-letters');
  const number = organizationNumber(text);
  return number.kind === 'other' ? valueWithWarning(number, 'value.not-an-organization-number') : value(number);
}

/** An empty relation is no relation. */
export function readRelation(raw: string): Reading<CrmId | undefined> {
  if (raw === '') return value(undefined);
  return isCrmId(raw) ? value(raw) : problem('value.invalid');
}

export const readAssociateNo = (raw: string): Reading<AssociateNo | undefined> => readNumber(raw, isAssociateNo);
export const readCustomerNo = (raw: string): Reading<CustomerNo | undefined> => readNumber(raw, isCustomerNo);

/** Numbers are the ERP's: an empty one, or 0, is unknown to the CRM, not something to clear. */
function readNumber<T extends number>(raw: string, is: (value: number) => value is T & number): Reading<T | undefined> {
  if (/^0*$/.test(raw)) return value(undefined);
  const number = /^\d+$/.test(raw) ? Number(raw) : NaN;
  return is(number) ? value(number) : problem('value.invalid');
}
