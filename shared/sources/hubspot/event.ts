import * as z from 'zod';
import type { Kind } from '../../record/index.ts';

// A webhook event of HubSpot: https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide

/** A record id: HubSpot writes a number where it fits, and may write a text. */
const recordId = z.union([z.int().nonnegative(), z.string().regex(/^\d{1,20}$/)]).transform(String);

export const anyEvent = z.looseObject({ subscriptionType: z.string() });

export const recordEvent = z.object({
  eventId: z.union([z.number(), z.string()]).optional(),
  portalId: z.union([z.number(), z.string()]).optional(),
  subscriptionType: z.string(),
  /** Milliseconds since 1970. */
  occurredAt: z.number().positive().max(8.64e15),
  objectId: recordId.optional(),
  objectTypeId: z.string().optional(),
  propertyName: z.string().nullish(),
  primaryObjectId: recordId.nullish(),
  mergedObjectIds: z.array(recordId).nullish(),
  newObjectId: recordId.nullish(),
  associationType: z.string().optional(),
  fromObjectId: recordId.optional(),
  fromObjectTypeId: z.string().optional(),
  toObjectId: recordId.optional(),
  toObjectTypeId: z.string().optional(),
});
export type RecordEvent = z.infer<typeof recordEvent>;

const KINDS = new Map<unknown, Kind>([
  ['0-1', 'contact'],
  ['0-2', 'customer'],
  ['contact', 'contact'],
  ['company', 'customer'],
]);

const WHATS = [
  'creation',
  'propertyChange',
  'deletion',
  'restore',
  'merge',
  'associationChange',
  'privacyDeletion',
] as const;
export type What = (typeof WHATS)[number];

/** What happened, and to which kind of record; null for what is none of this program's business, such as a deal. */
export function subject(event: z.infer<typeof anyEvent>): { readonly kind: Kind; readonly what: What } | null {
  const [object, name] = event.subscriptionType.split('.');
  const what = WHATS.find((each) => each === name);
  // The newer form names the kind of record beside the type; an association has two.
  const kind = KINDS.get(object === 'object' ? (event['objectTypeId'] ?? event['fromObjectTypeId']) : object);
  return what === undefined || kind === undefined ? null : { kind, what };
}

/** The contact of an association between a contact and a company; null for any other association. */
export function associatedContact(event: RecordEvent): string | null {
  const { associationType = '', fromObjectTypeId, toObjectTypeId, fromObjectId, toObjectId } = event;
  const types = `${fromObjectTypeId ?? ''}>${toObjectTypeId ?? ''}`;
  if (/^CONTACT_TO_COMPANY/i.test(associationType) || types === '0-1>0-2') return fromObjectId ?? null;
  if (/^COMPANY_TO_CONTACT/i.test(associationType) || types === '0-2>0-1') return toObjectId ?? null;
  return null;
}
