import * as z from 'zod';
import { addressProblem, connectionProblem, isStorageElsewhere, vaultProblem } from './addresses.ts';
import { Failure } from './failure.ts';
import { fieldOwner } from './field-owner.ts';
import { adapterSettings, missingForAdapter, secretsForAdapter, withVendorUrl } from './sources/adapter-settings.ts';

/** One wrong or missing setting: its name and what to do. Never its value: it may be a secret. */
export interface SettingProblem {
  readonly name: string;
  readonly message: string;
}

/** Every problem at once. */
export class SettingsError extends Failure {
  readonly problems: readonly SettingProblem[];

  constructor(problems: readonly SettingProblem[]) {
    super('settings.invalid', { detail: problems.map((problem) => problem.name).join(', ') });
    this.problems = problems;
  }
}

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `a whole number from ${from} to ${to}`)
    .transform(Number)
    .pipe(z.number().min(from, `at least ${from}`).max(to, `at most ${to}`));

const number = (fallback: number, from: number, to: number) => wholeNumber(from, to).default(fallback);

/** A setting whose text somebody else judges: the problem says what it has to be. */
const judged = (problemOf: (text: string) => string | null) =>
  z.string().superRefine((text, context) => {
    const message = problemOf(text);
    if (message !== null) context.addIssue({ code: 'custom', message });
  });

const url = judged(addressProblem);

const minutes = (fallback: number, most: number) =>
  z
    .string()
    .regex(/^\d{1,5}(?:\.\d{1,6})?$/, `minutes from 0 to ${most}, such as 15 or 0.5`)
    .transform(Number)
    .pipe(z.number().max(most, `at most ${most}`))
    .default(fallback);

const columnDefaults = z
  .string()
  .default('{}')
  .transform((text, context): unknown => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: 'custom', message: 'JSON such as {"CPmtTrm": 14, "Gr": 3}' });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(
      z.string().regex(/^[A-Za-z]\w*$/),
      z.union([z.int(), z.string()]),
      'JSON such as {"CPmtTrm": 14, "Gr": 3}',
    ),
  );

const schema = z.object({
  KEY_VAULT_URL: judged(vaultProblem).optional(),
  AZURE_CLIENT_ID: z.string().optional(),

  VISMA_TOKEN_URL: url.default('https://connect.visma.com/connect/token'),
  VISMA_SCOPE: z.string().default('business-graphql-service-api:access-group-based'),
  VISMA_TENANT_ID: z.string().optional(),

  NXT_GRAPHQL_URL: url.default('https://business.visma.net/api/graphql-service'),
  NXT_COMPANY_NO: wholeNumber(1, 999_999_999),
  NXT_CUSTOMER_NUMBER_FROM: wholeNumber(1, 999_999_999).optional(),
  NXT_CUSTOMER_NUMBER_TO: wholeNumber(1, 999_999_999).optional(),
  NXT_CUSTOMER_DEFAULTS: columnDefaults,
  NXT_CONTACT_DEFAULTS: columnDefaults,
  NXT_EXTERNAL_ID_COLUMN: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'a column name, or none')
    .default('externalId'),
  NXT_EXTERNAL_ID_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,20}$/, '1 to 20 letters, digits, - or _')
    .default('crm'),
  NXT_CONTACT_FOR_COLUMN: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'a column name')
    .optional(),
  NXT_DELIVERY_COLUMN: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'a column name, or none')
    .optional(),
  NXT_PERSONAL_COLUMNS: z
    .string()
    .regex(/^[A-Za-z]\w*(?:\s*,\s*[A-Za-z]\w*)*$/, 'column names, separated by commas')
    .optional(),
  NXT_FIRST_LINK: z.enum(['update', 'fill', 'link-only']).default('update'),
  NXT_ERP_EDITS: z.enum(['keep', 'overwrite']).default('keep'),
  NXT_SAME_ORG_NUMBER: z.enum(['ask', 'create']).default('ask'),
  NXT_SAME_NAME: z.enum(['ask', 'create']).default('ask'),
  NXT_ON_CONTACT_DELETED: z.enum(['clear', 'delete', 'keep']).default('clear'),
  NXT_ON_CUSTOMER_DELETED: z.enum(['keep', 'mark']).default('keep'),
  NXT_CUSTOMER_DELETED_COLUMN: z
    .string()
    .regex(/^[A-Za-z]\w*$/, 'a column name')
    .default('Inf8'),
  NXT_CUSTOMER_DELETED_MARK: z.string().min(1).max(40).default('Slettet i CRM'),
  DELETES_PER_HOUR: number(50, 0, 1_000_000),
  NXT_REQUESTS_PER_MINUTE: number(500, 1, 600),
  NXT_MAX_IN_PROGRESS: number(10, 1, 60),
  NXT_TIMEOUT_SECONDS: number(65, 1, 600),
  NXT_DOUBT_SECONDS: number(90, 1, 3600),
  LEASE_SECONDS: number(150, 2, 3600),
  SWEEP_SECONDS: number(60, 1, 3600),
  SYNC_MODE: z.enum(['write', 'plan']).default('write'),
  WAIT_FOR_CUSTOMER_HOURS: number(168, 1, 8760),
  RETENTION_FAILED_DAYS: number(30, 1, 365),
  RETENTION_DELETED_DAYS: number(30, 30, 3650),

  ERP_TO_CRM: z.enum(['off', 'report', 'write']).default('report'),
  NXT_POLL_MINUTES: minutes(15, 1440),
  FIELD_OWNER: fieldOwner,
  CRM_WRITES_PER_HOUR: number(200, 0, 1_000_000),

  CRM_API_URL: url.optional(),
  ...adapterSettings,
});

const SECRET_SETTINGS = [
  'CRM_WEBHOOK_SECRET',
  'VISMA_CLIENT_ID',
  'VISMA_CLIENT_SECRET',
  'HASH_KEY',
  'CRM_API_TOKEN',
  'NXT_WEBHOOK_KEY',
  'SUPEROFFICE_CLIENT_SECRET',
  'SUPEROFFICE_SYSTEM_USER_TOKEN',
  'SUPEROFFICE_PRIVATE_KEY',
];

/** The SDKs' own complaint names no setting. */
const CONNECTION_STRING = /^UseDevelopmentStorage=true|(?:^|;)(?:AccountName|QueueEndpoint)=/i;

export type Settings = z.infer<typeof schema>;
export type Environment = Readonly<Record<string, string | undefined>>;

const HINTS: Readonly<Record<string, string>> = {
  NXT_COMPANY_NO: 'set it to the Visma.net company number',
};

/** Reads all settings, or throws `SettingsError` with every problem. Empty text counts as unset; blanks at the ends do not count. */
export function readSettings(environment: Environment): Settings {
  const given = Object.fromEntries(
    Object.entries(environment).flatMap(([name, value]) => (value?.trim() ? [[name, value.trim()] as const] : [])),
  );
  const result = schema.safeParse(given);
  const problems: SettingProblem[] = [...(result.success ? [] : fromIssues(result.error.issues, given))];
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = given;
  if ((from === undefined) !== (to === undefined)) {
    problems.push({
      name: from === undefined ? 'NXT_CUSTOMER_NUMBER_FROM' : 'NXT_CUSTOMER_NUMBER_TO',
      message: 'set both ends of the interval, or neither',
    });
  } else if (from !== undefined && Number(from) > Number(to)) {
    problems.push({ name: 'NXT_CUSTOMER_NUMBER_FROM', message: 'must not be above NXT_CUSTOMER_NUMBER_TO' });
  }
  problems.push(...missingForAdapter(given));
  if (given['KEY_VAULT_URL'] !== undefined) {
    for (const name of SECRET_SETTINGS.filter((secret) => given[secret] !== undefined)) {
      problems.push({ name, message: 'remove it: with KEY_VAULT_URL set, secrets come from Key Vault only' });
    }
  } else {
    // Without a webhook secret the program runs and refuses every request: intake fails closed, health says so.
    const needed = ['VISMA_CLIENT_ID', 'VISMA_CLIENT_SECRET'];
    needed.push(...secretsForAdapter(given));
    for (const name of needed.filter((secret) => given[secret] === undefined)) {
      problems.push({ name, message: 'missing: set it, or set KEY_VAULT_URL' });
    }
    const hashKey = given['HASH_KEY'];
    if (hashKey === undefined && isStorageElsewhere(given)) {
      // A key beside the hashes keeps nobody from trying out names and numbers.
      problems.push({
        name: 'HASH_KEY',
        message:
          'missing: with storage elsewhere than on this machine, set it to 32 bytes in base64, or set KEY_VAULT_URL',
      });
    } else if (hashKey !== undefined && Buffer.from(hashKey, 'base64').length !== 32) {
      problems.push({ name: 'HASH_KEY', message: '32 bytes in base64, such as `openssl rand -base64 32` makes' });
    }
  }
  const connection = given['AzureWebJobsStorage'];
  if (connection === undefined && !Object.keys(given).some((name) => name.startsWith('AzureWebJobsStorage__'))) {
    problems.push({
      name: 'AzureWebJobsStorage',
      message: 'missing: a connection string, or AzureWebJobsStorage__accountName with a managed identity',
    });
  } else if (connection !== undefined && !CONNECTION_STRING.test(connection)) {
    problems.push({
      name: 'AzureWebJobsStorage',
      message: 'a connection string, such as UseDevelopmentStorage=true or AccountName=…;AccountKey=…',
    });
  } else if (connection !== undefined) {
    const message = connectionProblem(connection);
    if (message !== null) problems.push({ name: 'AzureWebJobsStorage', message });
    if (given['KEY_VAULT_URL'] !== undefined && /(?:^|;)AccountKey=/i.test(connection) && isStorageElsewhere(given)) {
      problems.push({
        name: 'AzureWebJobsStorage',
        message:
          'remove the key: with KEY_VAULT_URL set, storage is reached by AzureWebJobsStorage__accountName and the identity',
      });
    }
  }
  for (const name of Object.keys(given).filter((each) => /^AzureWebJobsStorage__\w+Uri$/i.test(each))) {
    const message = addressProblem(given[name] ?? '');
    if (message !== null) problems.push({ name, message });
  }
  if (problems.length > 0 || !result.success) throw new SettingsError(problems);
  return withVendorUrl(result.data);
}

function fromIssues(issues: readonly z.core.$ZodIssue[], given: Record<string, unknown>): SettingProblem[] {
  return issues.map((issue) => {
    const name = String(issue.path[0]);
    if (given[name] === undefined) return { name, message: `missing: ${HINTS[name] ?? 'set it'}` };
    return { name, message: issue.code === 'invalid_value' ? `one of ${issue.values.join(', ')}` : issue.message };
  });
}
