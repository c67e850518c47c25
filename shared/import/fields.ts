import { CONTACT_FIELDS, CUSTOMER_FIELDS } from '../record/index.ts';

/** Headers by field, in lower case without white space, `-`, `_` and `.`: the event's own names first. */
export type Headers = Readonly<Record<string, readonly string[]>>;

const EVENT: Headers = {
  crmId: ['crmid', 'id', 'recordid', 'postid'],
  occurredAt: ['occurredat', 'updatedat', 'modifiedat', 'lastmodified', 'sistendret', 'endret'],
  version: ['version', 'versjon'],
};

const headersOf = (fields: readonly { readonly name: string; readonly headers: readonly string[] }[]): Headers => ({
  ...EVENT,
  ...Object.fromEntries(fields.map(({ name, headers }) => [name, headers])),
});

export const CUSTOMER = headersOf(CUSTOMER_FIELDS);
export const CONTACT = headersOf(CONTACT_FIELDS);

/** Numbers, ids and times: they have no empty value, and a second column would be another thing, not another spelling. */
export const ONE_MEANING: ReadonlySet<string> = new Set([
  ...Object.keys(EVENT),
  ...[...CUSTOMER_FIELDS, ...CONTACT_FIELDS].filter(({ same }) => same === undefined).map(({ name }) => name),
]);

/** The name tells which record it is: a second one may be a person's beside the company's. */
export const NAMES: ReadonlySet<string> = new Set(['companyName', 'name']);

export const foldHeader = (header: string): string =>
  header
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\s\-_.]/gu, '');
