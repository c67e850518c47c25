import { Failure } from '../../failure.ts';
import { isCrmId, organizationDigits, type RecordRef } from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { SyncDeps } from '../deps.ts';
import { holderName } from './holder.ts';
import { readRecord, type RecordLife } from './record.ts';

/** A row of the ERP that fits what somebody looks for. */
export interface FoundRow {
  readonly associateNo: number;
  readonly customerNo: number;
  readonly supplierNo: number;
  readonly contactFor: number;
  /** A company's name and place; `''` for a contact person, whose values are shown only with a reason. */
  readonly name: string;
  readonly place: string;
  readonly holder: string;
}

export interface Found {
  readonly records: readonly RecordLife[];
  readonly rows: readonly FoundRow[];
  /** The ERP did not answer: its rows could not be looked for. */
  readonly erpAway: boolean;
}

const MOST_ROWS = 20;

/**
 * Looks for a record by its id in the CRM, or by a customer, actor or organisation number or a name in the ERP, now. The
 * text may be a person's name: it goes to the ERP and nowhere else.
 */
export async function find(deps: SyncDeps, text: string): Promise<Found> {
  const refs = refsOf(text.trim());
  const [lives, rows] = await Promise.all([
    Promise.all(refs.map((ref) => readRecord(deps, ref))),
    inErp(deps, selectorsOf(text.trim())),
  ]);
  return {
    records: lives.filter(({ stands }) => stands !== 'never-seen'),
    rows: rows === null ? [] : await Promise.all(rows.slice(0, MOST_ROWS).map(async (row) => toFound(deps, row))),
    erpAway: rows === null,
  };
}

function refsOf(text: string): readonly RecordRef[] {
  const [, kind, crmId = text] = /^(customer|contact):(.+)$/.exec(text) ?? [];
  if (!isCrmId(crmId)) return [];
  if (kind === 'customer' || kind === 'contact') return [{ kind, crmId }];
  return [
    { kind: 'customer', crmId },
    { kind: 'contact', crmId },
  ];
}

function selectorsOf(text: string): readonly Selector[] {
  const digits = organizationDigits(text);
  const number = /^\d{1,9}$/.test(text) ? Number(text) : 0;
  const isName = /\p{L}{2}/u.test(text) && digits === null;
  return [
    ...(digits === null ? [] : [{ organizationDigits: digits }]),
    ...(number > 0 ? [{ customerNo: number }, { associateNo: number }] : []),
    ...(isName ? [{ nameLike: new Personal(text) }] : []),
  ];
}

/** Null when the ERP is away. */
async function inErp({ erp }: SyncDeps, selectors: readonly Selector[]): Promise<readonly AssociateRow[] | null> {
  try {
    const found = (await Promise.all(selectors.map((selector) => erp.find(selector)))).flat();
    return [...new Map(found.map((row) => [row.associateNo, row])).values()];
  } catch (error) {
    if (error instanceof Failure) return null;
    throw error;
  }
}

async function toFound(deps: SyncDeps, row: AssociateRow): Promise<FoundRow> {
  const { associateNo, customerNo, supplierNo, contactFor } = row;
  const isCompany = customerNo !== 0 || supplierNo !== 0;
  return {
    ...{ associateNo, customerNo, supplierNo, contactFor },
    name: isCompany ? row.name.reveal() : '',
    place: isCompany ? row.postalArea.reveal() : '',
    holder: await holderName(deps, row),
  };
}
