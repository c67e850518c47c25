import * as z from 'zod';
import type { AdapterSettings } from '../adapter-settings.ts';
import type { Kind } from '../../record/index.ts';
import type { PropertyGate } from '../gate.ts';

// Companies and contacts as HubSpot's API has them.

export const OBJECTS: Readonly<Record<Kind, 'companies' | 'contacts'>> = { customer: 'companies', contact: 'contacts' };
/** The property that says when a record was changed. */
export const MODIFIED: Readonly<Record<Kind, string>> = {
  customer: 'hs_lastmodifieddate',
  contact: 'lastmodifieddate',
};

export const crmObject = z.object({
  id: z.string(),
  properties: z.record(z.string(), z.string().nullable()),
  updatedAt: z.string().optional(),
  archived: z.boolean().optional(),
});
export type CrmObject = z.infer<typeof crmObject>;

export type PropertyNames = Pick<
  AdapterSettings,
  'HUBSPOT_ORGANIZATION_NUMBER' | 'HUBSPOT_CUSTOMER_NUMBER' | 'HUBSPOT_ACTOR_NUMBER' | 'HUBSPOT_SYNC_STATUS'
>;

/** The properties that are read, the gate's included. */
export function propertiesOf(kind: Kind, names: PropertyNames, gate: PropertyGate | null): readonly string[] {
  const { HUBSPOT_ORGANIZATION_NUMBER: organization, HUBSPOT_CUSTOMER_NUMBER: customer, HUBSPOT_ACTOR_NUMBER } = names;
  if (kind === 'contact')
    return ['firstname', 'lastname', 'email', 'phone', 'mobilephone', MODIFIED.contact, HUBSPOT_ACTOR_NUMBER];
  return [
    ...['name', 'address', 'address2', 'zip', 'city', MODIFIED.customer, customer, HUBSPOT_ACTOR_NUMBER],
    ...(organization === undefined ? [] : [organization]),
    ...(gate === null ? [] : [gate.property]),
  ];
}

/** A property without a value is empty, not unmanaged: HubSpot is where it is kept. */
const text = (value: string | null | undefined): string => value ?? '';

const joined = (values: readonly (string | null | undefined)[], separator: string): string =>
  values
    .map((value) => text(value).trim())
    .filter((value) => value !== '')
    .join(separator);

export function companyData({ properties: p }: CrmObject, names: PropertyNames): Readonly<Record<string, unknown>> {
  const { HUBSPOT_ORGANIZATION_NUMBER: organization = '', HUBSPOT_CUSTOMER_NUMBER, HUBSPOT_ACTOR_NUMBER } = names;
  return {
    companyName: text(p['name']),
    organizationNumber: text(p[organization]),
    address: joined([p['address'], p['address2']], '\n'),
    postalCode: text(p['zip']),
    city: text(p['city']),
    customerNumber: numberOf(p[HUBSPOT_CUSTOMER_NUMBER]),
    actorNumber: numberOf(p[HUBSPOT_ACTOR_NUMBER]),
  };
}

/** A contact without a name goes by its e-mail address, as in HubSpot's own lists. `company`: null when it has none. */
export function contactData(
  { properties: p }: CrmObject,
  names: PropertyNames,
  company: string | null,
): Readonly<Record<string, unknown>> {
  return {
    name: joined([p['firstname'], p['lastname']], ' ') || text(p['email']),
    emailAddress: text(p['email']),
    phoneNumber: text(p['phone']).trim() === '' ? text(p['mobilephone']) : text(p['phone']),
    relatedCustomerCrmId: company ?? '',
    actorNumber: numberOf(p[names.HUBSPOT_ACTOR_NUMBER]),
  };
}

/** A number property comes as a text, `10001` or `10001.0`. */
function numberOf(value: string | null | undefined): string | null {
  const digits = text(value).trim().replace(/\.0+$/, '');
  return digits === '' ? null : digits;
}

/** When the record was changed, UTC ISO 8601; the epoch where HubSpot does not say. */
export function modifiedAt(kind: Kind, { properties, updatedAt }: CrmObject): string {
  const time = Date.parse(properties[MODIFIED[kind]] ?? updatedAt ?? '');
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}
