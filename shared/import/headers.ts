import type { Kind } from '../record/index.ts';

/** Headers a column may have, in lower case without white space, `-`, `_` and `.`: the event's own names first. */
const COMMON = {
  crmId: ['crmid', 'id', 'recordid', 'postid'],
  occurredAt: ['occurredat', 'updatedat', 'modifiedat', 'lastmodified', 'sistendret', 'endret'],
  version: ['version', 'versjon'],
  actorNumber: ['actornumber', 'actorno', 'associateno', 'aktørnummer', 'aktørnr'],
} as const;

export const CUSTOMER = {
  ...COMMON,
  companyName: ['companyname', 'name', 'firmanavn', 'kundenavn', 'navn'],
  customerNumber: ['customernumber', 'customerno', 'kundenummer', 'kundenr'],
  organizationNumber: [
    'organizationnumber',
    'organisationnumber',
    'orgno',
    'organisasjonsnummer',
    'orgnummer',
    'orgnr',
  ],
  address: ['address', 'adresse', 'gateadresse'],
  postalCode: ['postalcode', 'postcode', 'zip', 'postnummer', 'postnr'],
  city: ['city', 'poststed', 'sted'],
} as const;

export const CONTACT = {
  ...COMMON,
  name: ['name', 'navn', 'fullname'],
  relatedCustomerCrmId: ['relatedcustomercrmid', 'customercrmid', 'customerid', 'kundeid', 'kundecrmid'],
  relatedCustomerActorNumber: ['relatedcustomeractornumber', 'customeractornumber', 'kundeaktørnummer', 'kundeaktørnr'],
  emailAddress: ['emailaddress', 'email', 'epost', 'epostadresse'],
  phoneNumber: ['phonenumber', 'phone', 'telefon', 'telefonnummer', 'tlf', 'mobil'],
} as const;

export type ImportField = keyof typeof CUSTOMER | keyof typeof CONTACT;

/** Which field each column of a file holds; columns that are none of ours are left out and never read. */
export interface FileColumns {
  readonly kind: Kind;
  /** Field name → header as it stands in the file. */
  readonly headers: ReadonlyMap<ImportField, string>;
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
  const fields: Partial<Record<ImportField, readonly string[]>> = isContacts ? CONTACT : CUSTOMER;
  const found = new Map<ImportField, string>();
  const ignored: string[] = [];
  for (const header of headers) {
    const field = (Object.keys(fields) as ImportField[]).find((each) => isOneOf(fields[each] ?? [], fold(header)));
    if (field === undefined) ignored.push(header);
    else if (found.has(field))
      throw new ImportFileError(`two columns for ${field}: ${found.get(field) ?? ''}, ${header}`);
    else found.set(field, header);
  }
  const required: ImportField[] = [
    'crmId',
    isContacts ? 'name' : 'companyName',
    ...(hasExportTime ? [] : ['occurredAt' as const]),
  ];
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

const isOneOf = (names: readonly string[], folded: string): boolean => names.includes(folded);
