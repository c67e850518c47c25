import { CONTACT_FIELDS, CUSTOMER_FIELDS, type Kind } from '../record/index.ts';

/** Headers by field, in lower case without white space, `-`, `_` and `.`: the event's own names first. */
type Headers = Readonly<Record<string, readonly string[]>>;

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

/** Which field each column of a file holds; columns that are none of ours are left out and never read. */
export interface FileColumns {
  readonly kind: Kind;
  /** Field name → header as it stands in the file. */
  readonly headers: ReadonlyMap<string, string>;
  readonly ignored: readonly string[];
}

/** What is wrong with a file as a whole: its message says what was expected, never what a row holds. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
}

const fold = (header: string): string =>
  header
    .toLowerCase()
    .normalize('NFC')
    .replace(/[\s\-_.]/gu, '');

/**
 * Finds the columns by their headers. A file that names a customer for each row is one of contacts.
 * @throws ImportFileError that lists every column that is missing.
 */
export function findColumns(headers: readonly string[], hasExportTime: boolean): FileColumns {
  const isContacts = headers.some((header) => {
    const folded = fold(header);
    return isOneOf(CONTACT.relatedCustomerCrmId, folded) || isOneOf(CONTACT.relatedCustomerActorNumber, folded);
  });
  const fields = isContacts ? CONTACT : CUSTOMER;
  const found = new Map<string, string>();
  const ignored: string[] = [];
  for (const header of headers) {
    const field = Object.keys(fields).find((each) => isOneOf(fields[each], fold(header)));
    if (field === undefined) ignored.push(header);
    else if (found.has(field))
      throw new ImportFileError(`two columns for ${field}: ${found.get(field) ?? ''}, ${header}`);
    else found.set(field, header);
  }
  const required = ['crmId', isContacts ? 'name' : 'companyName', ...(hasExportTime ? [] : ['occurredAt'])];
  const missing = required.filter((field) => !found.has(field));
  if (missing.length > 0) {
    const hint = missing.includes('occurredAt') ? '; or give --exported-at for the whole file' : '';
    // A first line of which nothing is known may be a row, with a person in it: it is not repeated.
    const given =
      found.size === 0 ? 'the first line has none that is known; is it a header?' : `found: ${headers.join(', ')}`;
    throw new ImportFileError(`missing columns: ${missing.join(', ')} (${given})${hint}`);
  }
  return { kind: isContacts ? 'contact' : 'customer', headers: found, ignored };
}

const isOneOf = (names: readonly string[] = [], folded: string): boolean => names.includes(folded);
