import * as z from 'zod';
import { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
import type { Field } from './field.ts';
import { plainTime, sentId } from './fields.ts';

// What a CRM sends. Parsing drops every field that is not named here. `docs/schema/` is generated from these.

/** Longest event id that is stored. */
export const MAX_EVENT_ID = 128;

const crmId = sentId('The CRM’s own id of the record.');

const shapeOf = (fields: readonly Pick<Field<never>, 'name' | 'schema'>[]) =>
  Object.fromEntries(fields.map(({ name, schema }) => [name, schema]));

export const customerData = z
  .object({ crmId, ...shapeOf(CUSTOMER_FIELDS) })
  .meta({ id: 'Customer', title: 'Customer' });

export const contactData = z.object({ crmId, ...shapeOf(CONTACT_FIELDS) }).meta({ id: 'Contact', title: 'Contact' });

const deletedData = z.object({ crmId }).meta({ id: 'DeletedRecord', title: 'Deleted record' });

export const mergedData = z
  .object({
    crmId: sentId('The record that disappears.'),
    mergedIntoCrmId: sentId('The record of the same kind that stays.'),
  })
  .meta({ id: 'MergedRecord', title: 'Merged record' });

export const EVENT_TYPES = [
  'customer.created',
  'customer.updated',
  'customer.deleted',
  'customer.merged',
  'contact.created',
  'contact.updated',
  'contact.deleted',
  'contact.merged',
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
  occurredAt: z
    .string()
    .overwrite(plainTime)
    .check(z.iso.datetime({ offset: true }))
    .meta({ description: 'When the record changed, with offset; at most 5 minutes ahead of this program’s clock.' }),
  version: z.int().nullish().meta({
    description: 'Version of the record: on all its events or on none. A smaller one is superseded.',
  }),
  data: z.looseObject({ crmId }),
});
export type Envelope = z.infer<typeof envelope>;

const event = <T extends EventType, D extends z.ZodObject>(types: readonly [T, ...T[]], data: D) =>
  envelope.extend({ type: z.enum(types), data });

const customerEvent = event(['customer.created', 'customer.updated'], customerData).meta({
  id: 'CustomerEvent',
  title: 'Customer created or updated',
});
const contactEvent = event(['contact.created', 'contact.updated'], contactData).meta({
  id: 'ContactEvent',
  title: 'Contact created or updated',
});
const deletedEvent = event(['customer.deleted', 'contact.deleted'], deletedData).meta({
  id: 'DeletedEvent',
  title: 'Customer or contact deleted',
});

const mergedEvent = event(['customer.merged', 'contact.merged'], mergedData).meta({
  id: 'MergedEvent',
  title: 'Customer or contact merged into another',
});

/** Most events in one request. */
export const MAX_EVENTS = 500;

const anyEvent = z
  .union([customerEvent, contactEvent, deletedEvent, mergedEvent])
  .meta({ id: 'ChangeEvent', title: 'Change event' });
export const eventsRequest = z
  .union([anyEvent, z.array(anyEvent).min(1).max(MAX_EVENTS)])
  .meta({ id: 'ChangeEvents', title: 'One change event, or several' });
