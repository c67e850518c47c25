import * as z from 'zod';
import { CRM_ID, INT32_MAX } from './ids.ts';
import { MAX_NAME, MAX_TEXT } from './formats/text.ts';

// What a CRM sends. Parsing drops every field that is not named here. `docs/schema/` is generated from these.
//
// The lengths stand as annotations only: they hold for the normalised value, and a value that is too long concerns
// its own record, not the request.

/** Longest event id that is stored. */
export const MAX_EVENT_ID = 128;

export const MANAGED = 'Absent or null: the CRM does not manage the field. "": clear it.';

const crmId = z.string().regex(CRM_ID).meta({ description: 'The CRM’s own id of the record.' });

const name = z.string().meta({ description: 'Required and not empty.', minLength: 1, maxLength: MAX_NAME });

const line = (description: string) =>
  z
    .string()
    .meta({ maxLength: MAX_TEXT })
    .nullish()
    .meta({ description: `${description} ${MANAGED}` });

/** An integer, or its digits as a string. `""` counts as absent. */
const number = (description: string) =>
  z
    .union([
      z.int().min(1).max(INT32_MAX),
      z
        .string()
        .trim()
        .regex(/^\d{0,10}$/),
    ])
    .nullish()
    .meta({ description: `${description} Absent, null or "": not known to the CRM.` });

export const customerData = z
  .object({
    crmId,
    companyName: name,
    customerNumber: number('Customer number in the ERP (kundenummer).'),
    actorNumber: number('Actor number in the ERP (aktørnummer).'),
    organizationNumber: line('Organisation number; a national identity number is dropped.'),
    address: z
      .string()
      .nullish()
      .meta({ description: `Up to four lines, separated by newlines, each up to ${MAX_TEXT} characters. ${MANAGED}` }),
    postalCode: line('Postal code.'),
    city: line('City.'),
  })
  .meta({ id: 'Customer', title: 'Customer' });

export const contactData = z
  .object({
    crmId,
    name,
    relatedCustomerCrmId: z
      .union([z.string().trim().regex(CRM_ID), z.literal('')])
      .nullish()
      .meta({ description: 'The customer the contact belongs to, by its CRM id.' }),
    relatedCustomerActorNumber: number('The customer the contact belongs to, by its actor number.'),
    actorNumber: number('Actor number of the contact in the ERP.'),
    emailAddress: line('E-mail address.'),
    phoneNumber: line('Phone number; without a country code it is Norwegian.'),
  })
  .meta({
    id: 'Contact',
    title: 'Contact',
    anyOf: [{ required: ['relatedCustomerCrmId'] }, { required: ['relatedCustomerActorNumber'] }],
  });

const deletedData = z.object({ crmId }).meta({ id: 'DeletedRecord', title: 'Deleted record' });

export const EVENT_TYPES = [
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'contact.created',
  'contact.updated',
  'contact.deleted',
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

/** What every event has; a request with one event that lacks any of it is refused whole. */
export const envelope = z.object({
  // No control characters, no lone surrogates: the id goes into rows, log lines and the answer.
  id: z
    .string()
    .regex(/^(?!\s)[^\p{Cc}\p{Cs}]+$/u)
    .meta({ description: 'Id of the event, the same when it is sent again.', minLength: 1, maxLength: MAX_EVENT_ID }),
  type: z.enum(EVENT_TYPES),
  occurredAt: z.iso
    .datetime({ offset: true })
    .meta({ description: 'When the record changed, with offset; at most 5 minutes ahead of this program’s clock.' }),
  version: z.int().nullish().meta({
    description: 'Version of the record: on all its events or on none. A smaller one is superseded.',
  }),
  data: z.looseObject({ crmId }),
});
export type Envelope = z.infer<typeof envelope>;

const event = <T extends EventType, D extends z.ZodObject>(types: readonly [T, ...T[]], data: D) =>
  envelope.extend({ type: z.enum(types), data });

export const customerEvent = event(['customer.created', 'customer.updated'], customerData).meta({
  id: 'CustomerEvent',
  title: 'Customer created or updated',
});
export const contactEvent = event(['contact.created', 'contact.updated'], contactData).meta({
  id: 'ContactEvent',
  title: 'Contact created or updated',
});
export const deletedEvent = event(['customer.deleted', 'contact.deleted'], deletedData).meta({
  id: 'DeletedEvent',
  title: 'Customer or contact deleted',
});

/** Most events in one request. */
export const MAX_EVENTS = 500;

export const anyEvent = z
  .union([customerEvent, contactEvent, deletedEvent])
  .meta({ id: 'ChangeEvent', title: 'Change event' });
export const eventsRequest = z
  .union([anyEvent, z.array(anyEvent).min(1).max(MAX_EVENTS)])
  .meta({ id: 'ChangeEvents', title: 'One change event, or several' });
