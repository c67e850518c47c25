import { Failure } from '../../failure.ts';
import { fromStored, isCrmId, companyNameKey, organizationDigits, type RecordRef } from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { AssociateRow, Selector } from '../../erp/index.ts';
import type { SyncDeps } from '../deps.ts';
import { holderName } from './holder.ts';
import { readRecord, type RecordLife } from './record.ts';
import { byRecord } from './selection.ts';

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
  const [lives, rows] = await Promise.all([inLedger(deps, refs, text.trim()), inErp(deps, selectorsOf(text.trim()))]);
  return {
    records: lives.filter(({ stands }) => stands !== 'never-seen'),
    rows: rows === null ? [] : await Promise.all(rows.slice(0, MOST_ROWS).map(async (row) => toFound(deps, row))),
    erpAway: rows === null,
  };
}

/** By id, and among the changes that wait here: what the ERP does not have yet is what people look for. */
async function inLedger(deps: SyncDeps, refs: readonly RecordRef[], text: string): Promise<readonly RecordLife[]> {
  const waiting = await waitingLike(deps, text);
  const all = [...refs, ...waiting].filter((ref, at, every) => every.findIndex((each) => isSame(each, ref)) === at);
  return Promise.all(all.slice(0, MOST_ROWS).map((ref) => readRecord(deps, ref)));
}

const isSame = (a: RecordRef, b: RecordRef): boolean => a.kind === b.kind && a.crmId === b.crmId;

async function waitingLike({ ledger }: SyncDeps, text: string): Promise<readonly RecordRef[]> {
  const fits = fitsText(text);
  const found: RecordRef[] = [];
  await Promise.all(
    ledger.shards.map(async (shard) => {
      for await (const listed of ledger.listValues(shard)) {
        if (listed.is === 'pending' && listed.row.body !== '' && fits(listed.row.body)) found.push(listed.row.ref);
      }
    }),
  );
  return found.sort(byRecord);
}

/** Whether a stored change has the organisation number, or a name with the words. */
function fitsText(text: string): (body: string) => boolean {
  const digits = organizationDigits(text);
  const words = companyNameKey(text);
  return (body) => {
    const change = fromStored(body);
    if (change.op !== 'upsert') return false;
    const { values } = change;
    if (digits !== null) return 'organizationNumber' in values && values.organizationNumber.digits === digits;
    const name = 'companyName' in values ? values.companyName : values.name;
    return words.length > 1 && companyNameKey(name.reveal()).includes(words);
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
