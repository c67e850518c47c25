import * as z from 'zod';
import { Personal } from '../privacy/index.ts';
import { cleanAddress } from './formats/address.ts';
import { hasBrokenLetters, looksEncoded, cleanLine, MAX_NAME, MAX_TEXT } from './formats/text.ts';
import { emailAddress } from './formats/email.ts';
import { isAssociateNo, isCrmId, isCustomerNo, bareId, CRM_ID, INT32_MAX } from './ids.ts';
import { holdsNationalId } from './formats/national-id.ts';
import { isNationalIdInstead, organizationNumber } from './formats/organization-number.ts';
import { phoneE164 } from './formats/phone.ts';
import { dropped, problem, type Reading, value, valueWithWarning } from './field-reader.ts';
import type { AssociateNo, CrmId, CustomerNo, OrganizationNumber } from './types.ts';

// The sorts of fields: how a text of the CRM's is read (no function throws), how a CRM may send it, how a ledger row
// holds it.

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

// As a CRM sends them, and as a ledger row holds them. The lengths stand as annotations only: they hold for the normalised value, and a value that is too long concerns
// its own record, not the request.

const MANAGED = 'Absent or null: the CRM does not manage the field. "": clear it.';

export const sentId = (description: string) => z.string().overwrite(bareId).regex(CRM_ID).meta({ description });

export const sentName = z.string().meta({ description: 'Required and not empty.', minLength: 1, maxLength: MAX_NAME });

export const sentLine = (description: string) =>
  z
    .string()
    .meta({ maxLength: MAX_TEXT })
    .nullish()
    .meta({ description: `${description} ${MANAGED}` });

export const sentLines = (description: string) =>
  z
    .string()
    .nullish()
    .meta({ description: `${description} ${MANAGED}` });

export const sentRelation = (description: string) =>
  z
    .union([z.string().overwrite(bareId).regex(CRM_ID), z.string().overwrite(bareId).length(0)])
    .nullish()
    .meta({ description });

/** Without the blanks between thousands and the decimal of nothing that spreadsheets write: `10 001`, `10001,0`. */
const bareNumber = (text: string): string =>
  cleanLine(text)
    .replace(/^(\d+(?: \d{3})*)[.,]0{1,2}$/, '$1')
    .replace(/^\d{1,3}(?: \d{3})+$/, (grouped) => grouped.replaceAll(' ', ''));

/** An integer, or its digits as a string. `0` and `""` count as absent. */
export const sentNumber = (description: string) =>
  z
    .union([
      z.int().min(0).max(INT32_MAX),
      z
        .string()
        .overwrite(bareNumber)
        .regex(/^\d{0,10}$/),
    ])
    .nullish()
    .meta({ description: `${description} Absent, null, 0 or "": not known to the CRM.` });

/**
 * What RFC 3339 allows besides: `t` and `z`, and a leap second (23:59:60 in UTC), which is taken as the end of the one
 * before. `+0100` is taken as `+01:00`: so Salesforce writes times.
 */
export function plainTime(time: string): string {
  const plain = time
    .trim()
    .toUpperCase()
    .replace(/([+-]\d{2})(\d{2})$/, '$1:$2');
  const without = plain.replace(/:60(?:\.\d+)?(?=Z$|[+-])/, ':59.999');
  const isLeap = without !== plain && !Number.isNaN(Date.parse(without));
  return isLeap && new Date(without).toISOString().endsWith('T23:59:59.999Z') ? without : plain;
}

export const storedPersonal = z.string().transform((text) => new Personal(text));
export const storedId = z.custom<CrmId>((value) => typeof value === 'string' && isCrmId(value));
export const storedAssociateNo = z.custom<AssociateNo>((value) => typeof value === 'number' && isAssociateNo(value));
export const storedCustomerNo = z.custom<CustomerNo>((value) => typeof value === 'number' && isCustomerNo(value));
/** Read anew, so that a row that waited follows today's rules. */
export const storedOrganizationNumber = z
  .object({ text: z.string() })
  .transform(({ text }): OrganizationNumber => organizationNumber(text));
