import type { z } from 'zod';
import { FieldReader } from './field-reader.ts';
import {
  readAddress,
  readAssociateNo,
  readCustomerNo,
  readEmail,
  readLine,
  readName,
  readOrganizationNumber,
  readPhone,
  readRelation,
} from './fields.ts';
import { contactData, customerData } from './schema.ts';
import type { ChangeBody, ContactValues, CustomerValues, FieldProblem, Kind } from './types.ts';

export interface Normalized {
  readonly body: ChangeBody;
  readonly warnings: readonly FieldProblem[];
}

/**
 * The `data` of a created or updated record → its values, or an `invalid` body that holds none of them.
 * @param pointer JSON pointer of `data` in the request.
 */
export function normalize(kind: Kind, data: unknown, pointer: string): Normalized {
  const fields = new FieldReader(pointer);
  const body = kind === 'customer' ? customer(data, fields) : contact(data, fields);
  const { problems, warnings } = fields;
  return { body: body === null || problems.length > 0 ? { op: 'invalid', kind, problems } : body, warnings };
}

function customer(data: unknown, fields: FieldReader): ChangeBody | null {
  const raw = parse(customerData, data, fields);
  if (raw === null) return null;
  const companyName = fields.take('companyName', raw.companyName, readName);
  const rest = {
    customerNumber: fields.take('customerNumber', raw.customerNumber, readCustomerNo),
    actorNumber: fields.take('actorNumber', raw.actorNumber, readAssociateNo),
    organizationNumber: fields.take('organizationNumber', raw.organizationNumber, readOrganizationNumber),
    address: fields.take('address', raw.address, readAddress),
    postalCode: fields.take('postalCode', raw.postalCode, readLine),
    city: fields.take('city', raw.city, readLine),
  };
  if (companyName === undefined) return null;
  const values: CustomerValues = { companyName, ...managed(rest) };
  return { op: 'upsert', kind: 'customer', values };
}

function contact(data: unknown, fields: FieldReader): ChangeBody | null {
  const raw = parse(contactData, data, fields);
  if (raw === null) return null;
  const name = fields.take('name', raw.name, readName);
  const rest = {
    relatedCustomerCrmId: fields.take('relatedCustomerCrmId', raw.relatedCustomerCrmId, readRelation),
    relatedCustomerActorNumber: fields.take(
      'relatedCustomerActorNumber',
      raw.relatedCustomerActorNumber,
      readAssociateNo,
    ),
    actorNumber: fields.take('actorNumber', raw.actorNumber, readAssociateNo),
    emailAddress: fields.take('emailAddress', raw.emailAddress, readEmail),
    phoneNumber: fields.take('phoneNumber', raw.phoneNumber, readPhone),
  };
  const related = rest.relatedCustomerCrmId ?? rest.relatedCustomerActorNumber;
  if (related === undefined && fields.problems.length === 0) fields.missing('relatedCustomerCrmId');
  if (name === undefined) return null;
  const values: ContactValues = { name, ...managed(rest) };
  return { op: 'upsert', kind: 'contact', values };
}

/** The known fields, or null with a problem for each one of the wrong type. */
function parse<T extends z.ZodObject>(schema: T, data: unknown, fields: FieldReader): z.infer<T> | null {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const given = new Map(Object.entries(data ?? {}));
  for (const field of new Set(result.error.issues.map((issue) => String(issue.path[0])))) {
    if ((given.get(field) ?? null) === null) fields.missing(field);
    else fields.invalid(field);
  }
  return null;
}

type Managed<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** Leaves out what the CRM does not manage, so that "absent" has one form. */
function managed<T extends object>(fields: T): Managed<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Managed<T>;
}
