import { isCrmId, normalize, type Kind, type RecordRef } from '../../record/index.ts';
import type { CrmApi } from '../../crm/index.ts';
import { refText, type StateRow } from '../../store/index.ts';
import { hashesOf } from '../attempt/wanted.ts';
import { flowsOf, type FlowState } from '../decide/field-flows.ts';
import type { SyncDeps } from '../deps.ts';
import { Doubles } from './doubles.ts';
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

export interface ReconcileDeps {
  readonly sync: SyncDeps;
  readonly crm: Pick<CrmApi, 'listRecords'> | null;
}

interface Linked extends FlowState {
  readonly ref: RecordRef;
}

/**
 * Holds both systems against each other, whole: one read of all rows of the ERP in pages, under its budget, and of the
 * CRM's lists where it offers them; else the hashes of what the CRM last said. Writes nothing.
 *
 * @throws Failure what stands in the way just now
 */
export async function reconcile({ sync, crm }: ReconcileDeps): Promise<readonly ReconcileLine[]> {
  const linked = await linkedRecords(sync);
  const inCrm = await crmRecords(sync, crm);
  const lines: ReconcileLine[] = [];
  const seen = new Set<number>();
  const customers = new Set<number>();
  const alone: { readonly associateNo: number; readonly contactFor: number }[] = [];
  const doubles = new Doubles();
  for await (const rows of sync.erp.scan()) {
    for (const row of rows) {
      const { associateNo, contactFor } = row;
      seen.add(associateNo);
      const isCustomer = row.customerNo !== 0 && row.deliverTo === 0 && contactFor === 0;
      if (isCustomer) {
        customers.add(associateNo);
        doubles.add(row);
      }
      const record = linked.get(associateNo)?.[0];
      if (record === undefined) {
        const isContact = contactFor !== 0 && row.deliverTo === 0 && row.supplierNo === 0 && row.employeeNo === 0;
        if (isCustomer || isContact) alone.push({ associateNo, contactFor });
        continue;
      }
      // Which of them the row is to agree with is what a person has to say first.
      if ((linked.get(associateNo)?.length ?? 0) > 1) continue;
      const owners = sync.settings.FIELD_OWNER;
      const said = inCrm?.get(refText(record.ref)) ?? null;
      const flows = await flowsOf({ hash: sync.hash, owners }, record.ref.kind, record, said, row);
      const fields = Object.entries(flows).filter(([field, flow]) => isDifferent(record, field, flow, said === null));
      if (fields.length > 0) {
        const names = fields.map(([field]) => field).sort();
        lines.push({ kind: 'differs', record: recordText(record.ref), associateNos: [associateNo], fields: names });
      }
    }
  }
  // Links that were made while the pages were read.
  const now = await linkedRecords(sync);
  for (const { associateNo, contactFor } of alone) {
    const isNobodys = contactFor === 0 || customers.has(contactFor);
    if (isNobodys && !now.has(associateNo)) lines.push({ kind: 'only-in-erp', associateNos: [associateNo] });
  }
  for (const [associateNo, records] of linked) {
    for (const { ref } of seen.has(associateNo) ? [] : records) {
      lines.push({ kind: 'gone', record: recordText(ref), associateNos: [associateNo] });
    }
    for (const { ref } of records.length > 1 ? records : []) {
      lines.push({ kind: 'linked-twice', record: recordText(ref), associateNos: [associateNo] });
    }
  }
  lines.push(...doubles.groups().map((associateNos): ReconcileLine => ({ kind: 'doubled', associateNos })));
  for (const record of inCrm
    ? await neverSent(
        sync,
        [...inCrm.values()].map(({ ref }) => ref),
      )
    : []) {
    lines.push({ kind: 'never-sent', record: recordText(record) });
  }
  return lines.sort(byKind);
}

function isDifferent(
  { wayBack }: Linked,
  field: string,
  flow: { readonly crm: string; readonly erp: string; readonly isIgnored: boolean },
  isGuessed: boolean,
): boolean {
  if (flow.isIgnored) return false;
  // What the CRM said when the conflict was found is newer than what was last in sync.
  const crm = isGuessed ? (wayBack.open[field]?.crm ?? flow.crm) : flow.crm;
  return crm !== flow.erp;
}

const ORDER: readonly ReconcileKind[] = ['differs', 'doubled', 'gone', 'linked-twice', 'never-sent', 'only-in-erp'];
const byKind = (a: ReconcileLine, b: ReconcileLine): number =>
  ORDER.indexOf(a.kind) - ORDER.indexOf(b.kind) ||
  (a.record ?? '').localeCompare(b.record ?? '') ||
  (a.associateNos?.[0] ?? 0) - (b.associateNos?.[0] ?? 0);

const isLive = ({ associateNo, deletedAt, mergedInto }: StateRow): boolean =>
  associateNo !== null && deletedAt === '' && mergedInto === '';

/** Which records have which row; more than one where two were linked to it. */
async function linkedRecords({ ledger }: SyncDeps): Promise<ReadonlyMap<number, readonly Linked[]>> {
  const found = new Map<number, Linked[]>();
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) {
      if (state.is === 'unreadable' || !isLive(state.row)) continue;
      const { ref, associateNo, hashes, wayBack } = state.row;
      found.set(Number(associateNo), [...(found.get(Number(associateNo)) ?? []), { ref, hashes, wayBack }]);
    }
  }
  return found;
}

interface InCrm {
  readonly ref: RecordRef;
  readonly hashes: StateRow['hashes'];
}

/** Everything the CRM lists, as keyed hashes; null where it offers no lists. */
async function crmRecords(sync: SyncDeps, crm: ReconcileDeps['crm']): Promise<ReadonlyMap<string, InCrm> | null> {
  if (!crm?.listRecords) return null;
  const found = new Map<string, InCrm>();
  for (const kind of ['customer', 'contact'] as const) {
    for (let after = '', more = true; more;) {
      const page = await crm.listRecords(kind, after);
      if (page === null) return null;
      for (const item of page.items) await take(sync, found, kind, item);
      more = page.next !== '' && page.next !== after;
      after = page.next;
    }
  }
  return found;
}

async function take(sync: SyncDeps, found: Map<string, InCrm>, kind: Kind, item: Readonly<Record<string, unknown>>) {
  const crmId = item['crmId'];
  if (typeof crmId !== 'string' || !isCrmId(crmId)) return;
  const ref: RecordRef = { kind, crmId };
  const { body } = normalize(kind, { ...item, crmId }, '/data');
  const hashes = body.op === 'upsert' ? await hashesOf(sync, body.values) : {};
  found.set(refText(ref), { ref, hashes });
}

/** Records of which nothing is known here: no event of theirs ever came. */
async function neverSent({ ledger }: SyncDeps, refs: readonly RecordRef[]): Promise<readonly RecordRef[]> {
  const known = new Set<string>();
  for (const shard of ledger.shards) {
    for await (const state of ledger.listStates(shard)) if (state.is === 'state') known.add(refText(state.row.ref));
    for await (const listed of ledger.list(shard, ['pending'])) {
      if (listed.is === 'pending') known.add(refText(listed.row.ref));
    }
  }
  return refs.filter((ref) => !known.has(refText(ref)));
}
