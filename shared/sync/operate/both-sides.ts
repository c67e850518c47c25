import {
  CONTACT_FIELDS,
  CUSTOMER_FIELDS,
  fromStored,
  SAME_IN_COLUMN,
  sameText,
  wantedFields,
  type RecordRef,
  type WantedField,
} from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { AssociateRow, Column } from '../../erp/index.ts';
import { FIELD_COLUMNS } from '../decide/row-texts.ts';
import type { StateRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import { standing } from '../way-back/settle-field.ts';
import { holderName } from './holder.ts';
import { markOf, type Marks } from './marks.ts';

/** One ERP row, with its values in the clear. */
export interface ErpSide {
  readonly associateNo: number;
  readonly customerNo: number;
  readonly supplierNo: number;
  readonly contactFor: number;
  /** `customer:C-1` of the record that has it; `''` when none. */
  readonly holder: string;
  /** By the event's field; lines of an address are joined by line breaks. */
  readonly values: Readonly<Record<string, string>>;
  /** Fields in which it is not what the CRM says. */
  readonly differs: readonly string[];
}

/** What the CRM and the ERP hold of one record, in the clear: shown once to a person who said why, never stored. */
export interface BothSides {
  readonly ref: RecordRef;
  readonly fields: readonly string[];
  /** The CRM's last change where it waits here; null once it was applied. */
  readonly crm: Readonly<Record<string, string>> | null;
  readonly erp: readonly ErpSide[];
  /** By field, of what is shown of the linked row: who settles a field with its mark settles what they saw. */
  readonly marks: Marks;
}

/** Read now: the change that waits here, and the linked row, else the rows that may be the record. */
export async function bothSides(deps: SyncDeps, ref: RecordRef): Promise<BothSides> {
  const { ledger, erp } = deps;
  const [{ pending, state }, failed] = await Promise.all([ledger.read(ref), ledger.readFailed(ref)]);
  const wanted = pending ? wantedOf(pending.row.body) : null;
  const linked = state?.row.associateNo ?? null;
  const numbers = [...new Set([...(linked === null ? [] : [linked]), ...(failed?.row.candidates ?? [])])];
  const found = await Promise.all(numbers.map((associateNo) => erp.find({ associateNo })));
  const rows = found
    .flat()
    .filter((row, at, all) => all.findIndex((each) => each.associateNo === row.associateNo) === at);
  const sides = await Promise.all(rows.map(async (row) => side(ref, row, wanted, await holderName(deps, row))));
  return {
    ref,
    fields: fieldNames(ref),
    crm: wanted && Object.fromEntries(wanted.map(({ field, columns }) => [field, textOf(columns)])),
    erp: sides,
    marks: await marksOf(deps, state?.row, rows),
  };
}

async function marksOf(deps: SyncDeps, state: StateRow | undefined, rows: readonly AssociateRow[]): Promise<Marks> {
  const row = rows.find(({ associateNo }) => associateNo === state?.associateNo);
  if (!state || !row) return {};
  const flows = Object.entries(await standing(deps, state, row));
  return Object.fromEntries(flows.map(([field, { crm, erp }]) => [field, markOf(crm, erp)]));
}

/** Fields that are written from their value; the others belong to the link. */
const fieldNames = ({ kind }: RecordRef): readonly string[] =>
  (kind === 'customer' ? CUSTOMER_FIELDS : CONTACT_FIELDS)
    .filter(({ same }) => same !== undefined)
    .map(({ name }) => name);

function wantedOf(body: string): readonly WantedField[] | null {
  if (body === '') return null;
  const change = fromStored(body);
  return change.op === 'upsert' ? wantedFields(change.values) : null;
}

function side(ref: RecordRef, row: AssociateRow, wanted: readonly WantedField[] | null, holder: string): ErpSide {
  const columns = columnsByField(ref);
  const { associateNo, customerNo, supplierNo, contactFor } = row;
  const values = Object.fromEntries(
    Object.entries(columns).map(([field, names]) => [field, joined(names.map((name) => plain(row[name])))]),
  );
  const differs = (wanted ?? []).filter(({ columns: texts }) =>
    FIELD_COLUMNS.some((name) => {
      const text = texts[name];
      return text !== undefined && !isSame(name, plain(text), row);
    }),
  );
  return {
    associateNo,
    customerNo,
    supplierNo,
    contactFor,
    holder,
    values,
    differs: differs.map(({ field }) => field),
  };
}

function isSame(column: Column, wanted: string, row: AssociateRow): boolean {
  const same = SAME_IN_COLUMN[column] ?? sameText;
  return same(wanted, plain(row[column])) || (column === 'phone' && same(wanted, row.mobilePhone.reveal()));
}

/** Which columns of the ERP a field fills, for the fields that are shown. */
function columnsByField(ref: RecordRef): Readonly<Record<string, readonly Column[]>> {
  const catalogue: readonly { readonly name: string; readonly columns: readonly string[] }[] =
    ref.kind === 'customer' ? CUSTOMER_FIELDS : CONTACT_FIELDS;
  return Object.fromEntries(
    fieldNames(ref).map((field) => [field, (catalogue.find(({ name }) => name === field)?.columns ?? []) as Column[]]),
  );
}

const plain = (value: string | number | Personal): string =>
  value instanceof Personal ? value.reveal() : String(value);

const joined = (lines: readonly string[]): string => lines.filter((line) => line.trim() !== '').join('\n');

const textOf = (columns: WantedField['columns']): string => joined(Object.values(columns).map(plain));
