import { isDeepStrictEqual } from 'node:util';
import { refText } from '../../store/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { CrmApi } from '../../crm/index.ts';
import { flowsOf, type FieldFlow } from '../decide/field-flows.ts';
import type { SyncDeps } from '../deps.ts';
import { crmRecords, type InCrm } from './crm-records.ts';
import { Doubles, type Candidate } from './doubles.ts';
import { knownRecords, type KnownRecords, type Linked } from './linked-records.ts';
import { markOf, markOfRow, WHOLE_LINE, type Marks } from './marks.ts';
import { recordText } from './selection.ts';

export type ReconcileKind = 'differs' | 'doubled' | 'gone' | 'only-in-erp' | 'never-sent' | 'linked-twice';

/** One difference between the two systems; no values. */
export interface ReconcileLine {
  readonly kind: ReconcileKind;
  /** `customer:C-1001`. */
  readonly record?: string;
  readonly associateNos?: readonly number[];
  readonly fields?: readonly string[];
}

export interface FoundLine extends ReconcileLine {
  readonly marks: Marks;
}

export interface ReconcileDeps {
  readonly sync: SyncDeps;
  readonly crm: Pick<CrmApi, 'listRecords'> | null;
  /** Told of every page that was read of either side. */
  readonly onPage?: (() => void) | undefined;
}

/**
 * Holds both systems against each other, whole: one read of all rows of the ERP in pages, under its budget, and of the
 * CRM's lists where it offers them; else the hashes of what the CRM last said. Writes nothing.
 *
 * @throws Failure what stands in the way just now
 */
export async function reconcile({ sync, crm, onPage }: ReconcileDeps): Promise<readonly FoundLine[]> {
  const before = await knownRecords(sync);
  const inCrm = await crmRecords(sync, crm, onPage);
  const { seen, doubles, alone, customers, differing } = await readErp(sync, before, inCrm, onPage);
  // Links that were made, and changes that were applied, while the pages were read.
  const now = await knownRecords(sync);
  const lines = differing.filter(({ record }) => isAsItWas(record, before, now)).map(({ line }) => line);
  for (const { associateNo, contactFor, mark } of alone) {
    const isNobodys = contactFor === 0 || customers.has(contactFor);
    if (isNobodys && !now.byRow.has(associateNo)) {
      lines.push({ kind: 'only-in-erp', associateNos: [associateNo], marks: { [WHOLE_LINE]: mark } });
    }
  }
  lines.push(...ofLinks(before, now, seen));
  for (const rows of doubles.groups()) lines.push(await doubled(sync, rows));
  for (const { ref, hashes } of inCrm?.values() ?? []) {
    if (now.known.has(refText(ref))) continue;
    const values = Object.entries(hashes).map(([field, hash]) => `${field} ${hash}`);
    lines.push({ kind: 'never-sent', record: recordText(ref), marks: { [WHOLE_LINE]: markOf(...values.sort()) } });
  }
  return lines.sort(byKind);
}

interface ErpRead {
  /** Every row there is. */
  readonly seen: ReadonlySet<number>;
  readonly customers: ReadonlySet<number>;
  readonly doubles: Doubles;
  /** Customers and contacts that no record had. */
  readonly alone: readonly { readonly associateNo: number; readonly contactFor: number; readonly mark: string }[];
  readonly differing: readonly { readonly record: Linked; readonly line: FoundLine }[];
}

async function readErp(
  sync: SyncDeps,
  { byRow }: KnownRecords,
  inCrm: ReadonlyMap<string, InCrm> | null,
  onPage: ReconcileDeps['onPage'],
): Promise<ErpRead> {
  const seen = new Set<number>();
  const customers = new Set<number>();
  const doubles = new Doubles();
  const alone: ErpRead['alone'][number][] = [];
  const differing: ErpRead['differing'][number][] = [];
  for await (const rows of sync.erp.scan()) {
    onPage?.();
    for (const row of rows) {
      const { associateNo, contactFor } = row;
      seen.add(associateNo);
      const isCustomer = row.customerNo !== 0 && row.deliverTo === 0 && contactFor === 0;
      if (isCustomer) {
        customers.add(associateNo);
        doubles.add(row);
      }
      const [record, ...others] = byRow.get(associateNo) ?? [];
      if (record === undefined) {
        const isContact = contactFor !== 0 && row.deliverTo === 0 && row.supplierNo === 0 && row.employeeNo === 0;
        if (isCustomer || isContact) alone.push({ associateNo, contactFor, mark: await markOfRow(sync, row) });
        continue;
      }
      // Which of them the row is to agree with is what a person has to say first.
      if (others.length > 0) continue;
      const line = await difference(sync, record, inCrm?.get(refText(record.ref)) ?? null, row);
      if (line) differing.push({ record, line });
    }
  }
  return { seen, customers, doubles, alone, differing };
}

async function difference(
  { hash, settings }: SyncDeps,
  record: Linked,
  said: InCrm | null,
  row: AssociateRow,
): Promise<FoundLine | null> {
  const deps = { hash, owners: settings.FIELD_OWNER };
  const { kind } = record.ref;
  const flows = await flowsOf(deps, kind, record, said, row);
  const fields = Object.entries(flows).filter(([field, flow]) => isDifferent(record, field, flow, said === null));
  if (fields.length === 0) return null;
  // What a person settles is judged by what is known here: the CRM's list is not asked again.
  const known = said === null ? flows : await flowsOf(deps, kind, record, null, row);
  const marks = fields.map(([field, flow]) => {
    const { crm, erp } = known[field] ?? flow;
    return [field, markOf(record.wayBack.open[field]?.crm ?? crm, erp)] as const;
  });
  return {
    kind: 'differs',
    record: recordText(record.ref),
    associateNos: [row.associateNo],
    fields: fields.map(([field]) => field).sort(),
    marks: Object.fromEntries(marks),
  };
}

function isDifferent({ wayBack }: Linked, field: string, flow: FieldFlow, isGuessed: boolean): boolean {
  if (flow.isIgnored) return false;
  // What the CRM said when the conflict was found is newer than what was last in sync.
  const crm = isGuessed ? (wayBack.open[field]?.crm ?? flow.crm) : flow.crm;
  return crm !== flow.erp;
}

/** False where the record changed while the pages were read, or is about to: its row was read at another time. */
function isAsItWas(record: Linked, before: KnownRecords, now: KnownRecords): boolean {
  const name = refText(record.ref);
  if (before.onTheirWay.has(name) || now.onTheirWay.has(name)) return false;
  return isDeepStrictEqual(now.byName.get(name), record);
}

function ofLinks(before: KnownRecords, now: KnownRecords, seen: ReadonlySet<number>): readonly FoundLine[] {
  const lines: FoundLine[] = [];
  for (const [associateNo, records] of before.byRow) {
    const names = (now.byRow.get(associateNo) ?? []).map(({ ref }) => recordText(ref)).sort();
    const still = records.map(({ ref }) => recordText(ref)).filter((name) => names.includes(name));
    for (const record of still) {
      const line = { record, associateNos: [associateNo] };
      if (!seen.has(associateNo)) lines.push({ kind: 'gone', ...line, marks: { [WHOLE_LINE]: markOf(associateNo) } });
      if (names.length > 1) {
        lines.push({ kind: 'linked-twice', ...line, marks: { [WHOLE_LINE]: markOf(associateNo, ...names) } });
      }
    }
  }
  return lines;
}

async function doubled({ hash }: SyncDeps, rows: readonly Candidate[]): Promise<FoundLine> {
  const texts = rows.map(({ number, nameAndPlace }) => [number, nameAndPlace]);
  const associateNos = rows.map(({ associateNo }) => associateNo);
  const mark = markOf(...associateNos, await hash('row', JSON.stringify(texts)));
  return { kind: 'doubled', associateNos, marks: { [WHOLE_LINE]: mark } };
}

const ORDER: readonly ReconcileKind[] = ['differs', 'doubled', 'gone', 'linked-twice', 'never-sent', 'only-in-erp'];
const byKind = (a: ReconcileLine, b: ReconcileLine): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
  (a.record ?? '').localeCompare(b.record ?? '') ||
  (a.associateNos?.[0] ?? 0) - (b.associateNos?.[0] ?? 0);
