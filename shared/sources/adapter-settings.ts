import * as z from 'zod';
import { addressProblem } from '../addresses.ts';

// The settings of the adapters (docs/settings.md). Nothing here imports what reads them: settings.ts takes them in.

export const ADAPTERS = ['standard', 'hubspot', 'superoffice', 'mapped'] as const;
export type AdapterName = (typeof ADAPTERS)[number];

/** Where each adapter's webhooks come in: `/api/webhooks/<route>`. */
export const ROUTES: Readonly<Record<AdapterName, string>> = {
  standard: 'crm',
  hubspot: 'hubspot',
  superoffice: 'superoffice',
  mapped: 'crm',
};

const hubspotProperty = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,99}$/, 'the internal name of a property, such as org_number');
const superofficeField = z
  .string()
  .regex(/^[A-Za-z][\w.-]*(?::\w+)?$/, 'a field such as Number1, or a user-defined one such as SuperOffice:7');

const address = z.string().superRefine((text, context) => {
  const message = addressProblem(text);
  if (message !== null) context.addIssue({ code: 'custom', message });
});

export const adapterSettings = {
  CRM_ADAPTER: z.enum(ADAPTERS).default('standard'),
  PUBLIC_BASE_URL: address.optional(),
  CRM_SYNC_WHEN: z.string().min(3).max(2000).optional(),
  CRM_REQUESTS_PER_MINUTE: z
    .string()
    .regex(/^\d{1,5}$/, 'a whole number from 1 to 60000')
    .transform(Number)
    .pipe(z.number().min(1, 'at least 1').max(60_000, 'at most 60000'))
    .optional(),
  CRM_MAPPING: z.string().optional(),
  HUBSPOT_ORGANIZATION_NUMBER: hubspotProperty.optional(),
  HUBSPOT_CUSTOMER_NUMBER: hubspotProperty.default('nxt_customer_number'),
  HUBSPOT_ACTOR_NUMBER: hubspotProperty.default('nxt_actor_number'),
  HUBSPOT_SYNC_STATUS: hubspotProperty.default('nxt_sync_status'),
  SUPEROFFICE_CONTEXT_ID: z
    .string()
    .regex(/^\w{1,40}$/, 'the tenant, such as Cust12345')
    .optional(),
  SUPEROFFICE_LOGIN_URL: address.default('https://online.superoffice.com'),
  SUPEROFFICE_ASSOCIATE_ID: z
    .string()
    .regex(/^\d{1,9}$/, 'the associate id of this integration')
    .optional(),
  SUPEROFFICE_CUSTOMER_NUMBER: superofficeField.optional(),
  SUPEROFFICE_ACTOR_NUMBER: superofficeField.optional(),
  SUPEROFFICE_PERSON_ACTOR_NUMBER: superofficeField.optional(),
};

export type AdapterSettings = Readonly<z.infer<z.ZodObject<typeof adapterSettings>>> & {
  readonly CRM_API_URL?: string | undefined;
};

const alone = z.object({ ...adapterSettings, CRM_API_URL: z.string().optional() });

/** The adapter's settings alone, for what needs neither ERP nor storage; else the names of those that are wrong. */
export function readAdapterSettings(
  environment: Readonly<Record<string, string | undefined>>,
): AdapterSettings | readonly { readonly name: string; readonly message: string }[] {
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const result = alone.safeParse(given);
  if (result.success) return result.data;
  return result.error.issues.map(({ path, message }) => ({ name: String(path[0]), message }));
}

type Given = Readonly<Record<string, unknown>>;

/** What each adapter cannot do without: setting → what it is for. */
const NEEDED: Readonly<Record<AdapterName, Readonly<Record<string, string>>>> = {
  standard: {},
  hubspot: {
    PUBLIC_BASE_URL: 'the URL that HubSpot calls, up to and without /api: HubSpot signs it',
    HUBSPOT_ORGANIZATION_NUMBER: 'the property of a company that holds its organisation number',
  },
  superoffice: { CRM_API_URL: 'the tenant’s URL, such as https://online3.superoffice.com/Cust12345' },
  mapped: { CRM_MAPPING: 'the mapping as JSON, or the name of a file in the folder mappings' },
};

/** Settings that one adapter needs and another does not. */
export function missingForAdapter(given: Given): readonly { readonly name: string; readonly message: string }[] {
  const adapter = ADAPTERS.find((name) => name === given['CRM_ADAPTER']) ?? 'standard';
  const missing = Object.entries(NEEDED[adapter]).filter(([name]) => given[name] === undefined);
  const problems = missing.map(([name, message]) => ({
    name,
    message: `missing with CRM_ADAPTER=${adapter}: ${message}`,
  }));
  const when = given['CRM_SYNC_WHEN'];
  const isPair = typeof when !== 'string' || adapter === 'mapped' || /^\s*[\w.:]+\s*=/.test(when);
  return isPair
    ? problems
    : [...problems, { name: 'CRM_SYNC_WHEN', message: 'property=value, such as lifecyclestage=customer' }];
}

/** The CRM's URL where its vendor has one for all. */
export const withVendorUrl = <Settings extends AdapterSettings>(settings: Settings): Settings =>
  settings.CRM_ADAPTER === 'hubspot' && settings.CRM_API_URL === undefined
    ? { ...settings, CRM_API_URL: 'https://api.hubapi.com' }
    : settings;

/** The secrets, by their names in the environment, without which the CRM cannot be read or written. */
export function secretsForAdapter(given: Given): readonly string[] {
  switch (given['CRM_ADAPTER']) {
    case 'hubspot':
      return ['CRM_API_TOKEN'];
    case 'superoffice':
      return given['SUPEROFFICE_CONTEXT_ID'] === undefined
        ? ['CRM_API_TOKEN']
        : ['SUPEROFFICE_CLIENT_SECRET', 'SUPEROFFICE_SYSTEM_USER_TOKEN', 'SUPEROFFICE_PRIVATE_KEY'];
    default:
      return given['CRM_API_URL'] === undefined ? [] : ['CRM_API_TOKEN'];
  }
}
