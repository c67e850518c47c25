import * as z from 'zod';
import type { AdapterSettings } from '../adapter-settings.ts';
import type { Kind } from '../../record/index.ts';

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

/** When the record was changed, UTC ISO 8601; the epoch where HubSpot does not say. */
export function modifiedAt(kind: Kind, { properties, updatedAt }: CrmObject): string {
  const time = Date.parse(properties[MODIFIED[kind]] ?? updatedAt ?? '');
  return new Date(Number.isNaN(time) ? 0 : time).toISOString();
}
