import { cleanLine, type Kind } from '../record/index.ts';
import { CONTACT, CUSTOMER, foldHeader, type Headers, NAMES, ONE_MEANING } from './fields.ts';
import { kindOf } from './kind.ts';

/** Which field each column of a file holds; columns that are none of ours are left out and never read. */
export interface FileColumns {
  readonly kind: Kind;
  /** Field name → headers of its columns, as they stand in the file; the first that has a value counts. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly ignored: readonly string[];
}

/** What is wrong with a file as a whole: its message says what was expected, never what a row holds. */
export class ImportFileError extends Error {
  override readonly name = 'ImportFileError';
}

export interface ColumnOptions {
  /** Rows need no time of their own. */
  readonly hasExportTime: boolean;
  /** What a person says the file holds, where its headers do not tell. */
  readonly kind?: Kind | undefined;
  /** The person speaks of this file alone: whatever its headers tell. */
  readonly kindIsSure?: boolean | undefined;
}

/** As headers are compared and named: no control or invisible character of a file reaches a terminal. */
export const cleanHeaders = (cells: readonly string[]): readonly string[] => cells.map(cleanLine);

/**
 * Finds the columns by their headers, and by them whether the file holds customers or contacts.
 * @throws ImportFileError that lists every column that is missing.
 */
export function findColumns(headers: readonly string[], { hasExportTime, ...told }: ColumnOptions): FileColumns {
  const folded = headers.map(foldHeader);
  const byHeaders = kindOf(folded);
  const kind = told.kindIsSure === true ? (told.kind ?? byHeaders) : (byHeaders ?? told.kind ?? null);
  const fields = kind === 'contact' ? CONTACT : withCustomerId(CUSTOMER, folded);
  const found = new Map<string, string[]>();
  const ignored: string[] = [];
  for (const header of headers) {
    const field = Object.keys(fields).find((each) => fields[each]?.includes(foldHeader(header)));
    const columns = field === undefined ? undefined : found.get(field);
    if (field === undefined) ignored.push(header);
    else if (columns === undefined) found.set(field, [header]);
    else if (ONE_MEANING.has(field) || NAMES.has(field)) throw twice(field, [...columns, header], kind);
    else columns.push(header);
  }
  const required = ['crmId', kind === 'contact' ? 'name' : 'companyName', ...(hasExportTime ? [] : ['occurredAt'])];
  const missing = required.filter((field) => !found.has(field));
  if (missing.length > 0) throw lacks(missing, [...found.values()].flat(), ignored.length);
  if (kind === null) throw unknownKind();
  return { kind, headers: found, ignored };
}

/** In a file of customers that has no other id, `Kunde-ID` is the customer's own. */
function withCustomerId(fields: Headers, folded: readonly string[]): Headers {
  const { crmId = [] } = fields;
  const hasOwn = folded.some((header) => crmId.includes(header));
  return hasOwn ? fields : { ...fields, crmId: [...crmId, ...(CONTACT['relatedCustomerCrmId'] ?? [])] };
}

const unknownKind = (): ImportFileError =>
  new ImportFileError('the headers do not tell whether these are customers or contacts: say --customers or --contacts');

function twice(field: string, headers: readonly string[], kind: Kind | null): ImportFileError {
  if (kind === null && NAMES.has(field)) return unknownKind();
  return new ImportFileError(`two columns for ${field}: ${headers.join(', ')}; rename the one that shall not be read`);
}

/** A first line of which little is known may be a row, with a person in it: only what is known is repeated. */
function lacks(missing: readonly string[], known: readonly string[], others: number): ImportFileError {
  const hint = missing.includes('occurredAt') ? '; or give --exported-at for the whole file' : '';
  const given =
    known.length === 0
      ? 'the first line has none that is known; is it a header?'
      : `found: ${known.join(', ')}${others === 0 ? '' : `, and ${others} that nobody knows`}`;
  return new ImportFileError(`missing columns: ${missing.join(', ')} (${given})${hint}`);
}
