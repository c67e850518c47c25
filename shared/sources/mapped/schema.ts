import * as z from 'zod';
import { CONTACT_FIELDS, CUSTOMER_FIELDS, WRITTEN_FIELDS, type Kind } from '../../record/index.ts';

// The form of a mapping (docs/crm/mapped.md). Every string called an expression is JSONata: https://docs.jsonata.org.

const expression = z.string().min(1).max(4000);
const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,80}$/, 'the name of a header')
  .toLowerCase();

/** A part of what is signed, in order. */
const signedPart = z.union([
  z.strictObject({ text: z.string() }),
  z.strictObject({ header: headerName }),
  z.strictObject({ body: z.literal(true) }),
  z.strictObject({ bodySha256: z.enum(['hex', 'base64']) }),
]);
export type SignedPart = z.infer<typeof signedPart>;

const timestamp = z.strictObject({
  header: headerName,
  unit: z.enum(['seconds', 'milliseconds', 'iso']).default('seconds'),
  toleranceSeconds: z
    .int()
    .min(1)
    .max(7 * 86_400)
    .default(300),
});

const hmac = z.strictObject({
  type: z.literal('hmac'),
  header: headerName,
  algorithm: z.enum(['sha256', 'sha384', 'sha512']).default('sha256'),
  encoding: z.enum(['hex', 'base64']).default('hex'),
  prefix: z.string().max(40).default(''),
  /** How the secret's text becomes the key. */
  secret: z.enum(['text', 'hex', 'base64']).default('text'),
  signed: z
    .array(signedPart)
    .min(1)
    .max(20)
    .default([{ body: true }]),
  timestamp: timestamp.optional(),
});

const proof = z.discriminatedUnion('type', [
  hmac,
  z.strictObject({ type: z.literal('basic') }),
  z.strictObject({ type: z.literal('header'), header: headerName, prefix: z.string().max(40).default('') }),
]);
export type Proof = z.infer<typeof proof>;
export type HmacProof = z.infer<typeof hmac>;

const fieldsOf = (names: readonly string[]) =>
  z.strictObject(Object.fromEntries(names.map((name) => [name, expression.optional()] as const)));

const method = z.enum(['PATCH', 'PUT', 'POST']);
/** After `CRM_API_URL`; `{crmId}` stands for the record. */
const url = z.string().regex(/^\/[^\s?#]*(?:\?[^\s#]*)?$/, 'a path such as /organizations/{crmId}');
const headers = z.record(headerName, z.string()).default({ authorization: 'Bearer {token}' });

const request = z.strictObject({ method, url, body: expression });
export type NumbersRequest = z.infer<typeof request>;

/** How changed fields of the ERP's go back to records of a kind. */
const fieldsRequest = (kind: Kind) =>
  z.strictObject({
    method,
    url,
    /** By field: an object; those of a request become one body. */
    body: fieldsOf(WRITTEN_FIELDS[kind]),
    /** How the record is read just before: its answer → what an event of it would be. */
    read: z.strictObject({ url, event: expression.default('$') }).optional(),
    /** The value of the header `If-Match`. */
    ifMatch: expression.optional(),
  });
export type FieldsRequest = z.infer<ReturnType<typeof fieldsRequest>>;

export const mappingSchema = z.strictObject({
  name: z.string().min(1).max(60),
  /** The status that the CRM takes for success. */
  acceptedStatus: z.union([z.literal(200), z.literal(201), z.literal(202), z.literal(204)]).default(202),
  proof,
  /** Where the events lie in the request: one, or a list. */
  events: expression.default('$'),
  event: z.strictObject({
    id: expression.optional(),
    type: expression,
    crmId: expression,
    occurredAt: expression.optional(),
    version: expression.optional(),
    mergedIntoCrmId: expression.optional(),
  }),
  /** `leave`: a field that the event does not have is not managed by it. `clear`: it is empty. */
  missingFields: z.enum(['leave', 'clear']).default('leave'),
  customer: fieldsOf(CUSTOMER_FIELDS.map(({ name }) => name)).optional(),
  contact: fieldsOf(CONTACT_FIELDS.map(({ name }) => name)).optional(),
  numbers: z.strictObject({ headers, customer: request.optional(), contact: request.optional() }).optional(),
  fields: z
    .strictObject({
      headers,
      customer: fieldsRequest('customer').optional(),
      contact: fieldsRequest('contact').optional(),
    })
    .optional(),
});
export type Mapping = z.infer<typeof mappingSchema>;
