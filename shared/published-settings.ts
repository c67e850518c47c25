import * as z from 'zod';
import type { Rows } from './store/index.ts';
import type { Settings } from './settings.ts';

/** What decides what is written, and where; no secrets, limits or times. */
const DECIDING = [
  'SYNC_MODE',
  'NXT_GRAPHQL_URL',
  'NXT_COMPANY_NO',
  'NXT_CUSTOMER_NUMBER_FROM',
  'NXT_CUSTOMER_NUMBER_TO',
  'NXT_CUSTOMER_DEFAULTS',
  'NXT_CONTACT_DEFAULTS',
  'NXT_EXTERNAL_ID_COLUMN',
  'NXT_EXTERNAL_ID_PREFIX',
  'NXT_CONTACT_FOR_COLUMN',
  'NXT_FIRST_LINK',
  'NXT_ERP_EDITS',
  'NXT_SAME_ORG_NUMBER',
  'NXT_ON_CONTACT_DELETED',
  'NXT_ON_CUSTOMER_DELETED',
  'NXT_CUSTOMER_DELETED_COLUMN',
  'NXT_CUSTOMER_DELETED_MARK',
  'CRM_API_URL',
  'CRM_ADAPTER',
  'CRM_SYNC_WHEN',
] as const satisfies readonly (keyof Settings)[];

const at = { partitionKey: 'app', rowKey: 'settings' };
const columns = z.object({ settings: z.string().default('{}') });
const told = z.record(z.string(), z.json());

const deciding = (settings: Settings) =>
  Object.fromEntries(DECIDING.map((name) => [name, settings[name] ?? null] as const));

const find = (control: Rows) =>
  control.get(at, (entity) => ({ etag: entity.etag, row: columns.parse(entity).settings }));

/** The function app says by which settings it decides: a command line elsewhere has its own, and must be able to see that. */
export async function publishSettings(control: Rows, settings: Settings): Promise<void> {
  const before = await find(control);
  const row = { settings: JSON.stringify(deciding(settings)) };
  if (before?.row === row.settings) return;
  // Another instance says the same just now, or the next sweep says it again.
  await (before ? control.replace(at, row, before.etag) : control.insert(at, row));
}

/** Names of the settings that are not as the app's; none where no app has run. */
export async function settingsUnlikeTheApps(control: Rows, settings: Settings): Promise<readonly string[]> {
  const found = await find(control);
  if (!found) return [];
  const theirs = told.parse(JSON.parse(found.row));
  return Object.entries(deciding(settings)).flatMap(([name, mine]) =>
    JSON.stringify(mine) === JSON.stringify(theirs[name]) ? [] : [name],
  );
}
