import type { CrmHttp, SetUpStep } from '../../crm/index.ts';
import type { Kind } from '../../record/index.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import { OBJECTS } from './objects.ts';

interface Property {
  readonly kind: Kind;
  readonly name: string;
  readonly label: string;
  readonly type: 'number' | 'string';
}

const GROUPS: Readonly<Record<Kind, string>> = { customer: 'companyinformation', contact: 'contactinformation' };

/** What HubSpot has to tell, as its app names it; property changes come beside these. */
const SUBSCRIPTIONS: readonly string[] = [
  'company.creation, company.deletion, company.restore, company.merge, company.associationChange',
  'contact.creation, contact.deletion, contact.restore, contact.merge, contact.associationChange, contact.privacyDeletion',
];

/** Makes the properties that numbers and status are written to; says which subscriptions a person has to add. */
export async function setUp(
  http: CrmHttp,
  base: string,
  settings: AdapterSettings,
  targetUrl: string,
): Promise<readonly SetUpStep[]> {
  const { HUBSPOT_CUSTOMER_NUMBER: customer, HUBSPOT_ACTOR_NUMBER: actor, HUBSPOT_SYNC_STATUS: status } = settings;
  const properties: readonly Property[] = [
    { kind: 'customer', name: customer, label: 'Customer number in Visma NXT', type: 'number' },
    { kind: 'customer', name: actor, label: 'Actor number in Visma NXT', type: 'number' },
    { kind: 'customer', name: status, label: 'Sync with Visma NXT', type: 'string' },
    { kind: 'contact', name: actor, label: 'Actor number in Visma NXT', type: 'number' },
    { kind: 'contact', name: status, label: 'Sync with Visma NXT', type: 'string' },
  ];
  const steps: SetUpStep[] = [];
  for (const property of properties) steps.push(await make(http, base, property));
  steps.push(await look(http, base, settings.HUBSPOT_ORGANIZATION_NUMBER ?? ''));
  return [...steps, ...byHand(settings, targetUrl)];
}

async function make(http: CrmHttp, base: string, property: Property): Promise<SetUpStep> {
  const { kind, name, label, type } = property;
  const object = OBJECTS[kind];
  const url = `${base}/crm/properties/2026-03/${object}`;
  const what = `property ${name} of ${object}`;
  const found = await http({ method: 'GET', url: `${url}/${name}` });
  if (found.status < 300) return { is: 'already', what };
  const fieldType = type === 'number' ? 'number' : 'text';
  const json = { name, label, type, fieldType, groupName: GROUPS[kind] };
  const made = await http({ method: 'POST', url, json });
  // 409: somebody else made it just now.
  if (made.status < 300 || made.status === 409) return { is: 'done', what };
  return { is: 'failed', what: `${what}: HubSpot answers ${made.status}` };
}

async function look(http: CrmHttp, base: string, name: string): Promise<SetUpStep> {
  const what = `property ${name} of companies (HUBSPOT_ORGANIZATION_NUMBER)`;
  const { status } = await http({ method: 'GET', url: `${base}/crm/properties/2026-03/companies/${name}` });
  return status < 300 ? { is: 'already', what } : { is: 'failed', what: `${what}: there is no such property` };
}

function byHand(settings: AdapterSettings, targetUrl: string): readonly SetUpStep[] {
  const properties = ['name', 'address', 'address2', 'zip', 'city', settings.HUBSPOT_ORGANIZATION_NUMBER ?? ''];
  const gate = settings.CRM_SYNC_WHEN?.split('=')[0]?.trim();
  return [
    `target URL of the app's webhooks: ${targetUrl}`,
    ...SUBSCRIPTIONS.map((types) => `subscriptions: ${types}`),
    `company.propertyChange for ${[...properties, ...(gate === undefined ? [] : [gate])].join(', ')}`,
    'contact.propertyChange for firstname, lastname, email, phone, mobilephone',
  ].map((what): SetUpStep => ({ is: 'by-hand', what }));
}
