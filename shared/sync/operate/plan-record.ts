import { fromStored, type ChangeBody, type RecordRef } from '../../record/index.ts';
import { Failure, FAILURES } from '../../failure.ts';
import { emptyState, type PendingRow, type StateRow } from '../../store/index.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import { isKeptOut } from '../attempt/read-touch.ts';
import { findRow } from '../attempt/remove.ts';
import { live } from '../attempt/claims.ts';
import { linkOfCustomer } from '../attempt/parent.ts';
import { survivorOf } from '../attempt/survivor.ts';
import { hashesOf, isAppliedAlready } from '../attempt/wanted.ts';
import { choose } from '../decide/choose.ts';
import { difference } from '../decide/row-texts.ts';
import { parentOf } from '../decide/parent-of.ts';
import { columnsWritten } from '../decide/plan-of.ts';
import { decideRemoval } from '../decide/removal.ts';
import type { SyncDeps } from '../deps.ts';
import { isSuppressedNow } from '../suppressed.ts';

/**
 * What carrying out one planned change would come to.
 *
 * - `nothing`: the ERP holds it already, or the record stays out of it;
 * - `mark`, `clear`, `delete`: a deletion in the CRM;
 * - `wait`: something else comes first;
 * - `refused`: it would be listed for a person, for the reason in `why`;
 * - `unknown`: it cannot be said just now, for the reason in `why`;
 * - `gone`: it is planned no more.
 */
export type PlanOutcome =
  | 'create'
  | 'link'
  | 'update'
  | 'nothing'
  | 'mark'
  | 'clear'
  | 'delete'
  | 'merge'
  | 'wait'
  | 'refused'
  | 'unknown'
  | 'gone';

/** What the decision says; `values` are what would be written over what `row` holds. */
export interface Forecast {
  readonly plan: PlanOutcome;
  /** The rule of a link, the code of a refusal or a wait, the record that a merge goes to. */
  readonly why?: string;
  readonly associateNos?: readonly number[];
  /** ERP columns that would be written, also those whose value only the ERP will give. */
  readonly columns?: readonly string[];
  readonly values?: RowValues;
  readonly row?: AssociateRow | null;
}

/** Decides one planned change as an attempt in write mode would, on what the ERP holds now; nothing is written. */
export async function forecast(deps: SyncDeps, ref: RecordRef): Promise<Forecast & { readonly since: string }> {
  const { pending, state } = await deps.ledger.read(ref);
  if (pending?.row.status !== 'planned') return { plan: 'gone', since: '' };
  const { receivedAt: since } = pending.row;
  try {
    return { since, ...(await decided(deps, pending.row, state?.row ?? emptyState(ref))) };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { since, ...stopped(error) };
  }
}

function stopped({ code, details }: Failure): Forecast {
  const associateNos = details.candidates ?? [];
  const plan = { refuse: 'refused', wait: 'wait', retry: 'unknown', configuration: 'unknown', bug: 'unknown' } as const;
  return { plan: plan[FAILURES[code].decision], why: code, associateNos };
}

async function decided(deps: SyncDeps, pending: PendingRow, state: StateRow): Promise<Forecast> {
  if (pending.expired) throw new Failure('payload.expired');
  if (state.intent !== null) throw new Failure('write.in-doubt');
  const body = await bodyOf(deps, pending, state);
  if (body === 'kept-out') return { plan: 'nothing', why: 'CRM_SYNC_WHEN' };
  const isErased = await isSuppressedNow(deps, pending.ref, body, state.associateNo !== null);
  if (isErased || body.op === 'erase') return ofRemoval(deps, pending.ref, state, true);
  switch (body.op) {
    case 'invalid':
      return { plan: 'refused', why: body.problems[0]?.code ?? 'value.invalid' };
    case 'delete':
      return ofRemoval(deps, pending.ref, state, false);
    case 'merge':
      return ofMerge(deps, pending.ref, body, state);
    case 'upsert':
      return ofUpsert(deps, pending, body, state);
  }
}

type Body = Exclude<ChangeBody, { op: 'touch' }>;

/** Where the event only says that the record changed, the CRM says what it is now. */
async function bodyOf(deps: SyncDeps, pending: PendingRow, state: StateRow): Promise<Body | 'kept-out'> {
  const body = fromStored(pending.body);
  if (body.op !== 'touch') return body;
  const { crm } = deps;
  const { ref } = pending;
  if (!crm) throw new Failure('settings.invalid', { detail: 'CRM_ADAPTER: records can no longer be read' });
  const found = await crm.read(ref);
  if (found.is === 'gone') return { op: 'delete', kind: ref.kind };
  if (found.is === 'merged') return { op: 'merge', kind: ref.kind, into: found.into };
  if (crm.isGated && state.associateNo === null && (await isKeptOut(deps, ref, found))) return 'kept-out';
  if (found.body.op === 'touch') throw new Error('a record that was read is no touch');
  return found.body;
}

async function ofRemoval(deps: SyncDeps, ref: RecordRef, state: StateRow, isErasure: boolean): Promise<Forecast> {
  const { erp, settings } = deps;
  const row = await findRow(deps, state, ref);
  if (row === null) return { plan: 'nothing' };
  // An erasure is carried out whatever is kept otherwise.
  const isKept = isErasure && settings.NXT_ON_CONTACT_DELETED === 'keep';
  const policy = isKept ? { ...settings, NXT_ON_CONTACT_DELETED: 'clear' as const } : settings;
  const pointingAt = () => erp.find({ pointingAt: row.associateNo });
  const removal = await decideRemoval(policy, { ref, state, row, isErasure, pointingAt });
  const associateNos = [row.associateNo];
  if (removal.kind === 'keep') return { plan: 'nothing', associateNos };
  if (removal.kind === 'delete') return { plan: 'delete', associateNos };
  const values = difference(removal.wanted, row);
  const columns = Object.keys(values);
  const isNothing = columns.length === 0 && !removal.withNeverRead;
  return { plan: isNothing ? 'nothing' : removal.kind, associateNos, columns, values, row };
}

async function ofMerge(
  deps: SyncDeps,
  ref: RecordRef,
  { into }: Extract<Body, { op: 'merge' }>,
  state: StateRow,
): Promise<Forecast> {
  const survivor = await survivorOf(deps, { kind: ref.kind, crmId: into });
  if (survivor === null || (survivor.kind === ref.kind && survivor.crmId === ref.crmId)) {
    throw new Failure('match.conflict');
  }
  const other = (await deps.ledger.readState(survivor))?.row.associateNo ?? null;
  const associateNos = [state.associateNo, other].filter((each) => each !== null);
  if (new Set(associateNos).size > 1) throw new Failure('match.conflict', { candidates: associateNos });
  return { plan: 'merge', why: `${survivor.kind}:${survivor.crmId}`, associateNos };
}

async function ofUpsert(
  deps: SyncDeps,
  { ref, released, order, keepsErp }: PendingRow,
  { values }: Extract<Body, { op: 'upsert' }>,
  state: StateRow,
): Promise<Forecast> {
  const parent =
    'companyName' in values ? null : await parentOf((customer) => linkOfCustomer(deps, customer), values, state);
  if (parent?.kind === 'missing') throw new Failure('customer.missing');
  const parentNo = parent?.kind === 'found' ? parent.associateNo : null;
  const parentIsKnown = parent?.kind === 'found' ? parent.isKnown : true;
  const hashes = await hashesOf(deps, values);
  if (isAppliedAlready(deps, state, values, hashes, parentNo)) {
    return { plan: 'nothing', associateNos: state.associateNo === null ? [] : [state.associateNo] };
  }
  const subject = { ref, values, hashes, state, parentNo, parentIsKnown };
  const choice = await choose(live(deps), deps.settings, subject, { released, order, keepsErp });
  const columns = columnsWritten(choice);
  if (choice.kind === 'create') {
    if (parent?.kind === 'nobody') return { plan: 'nothing', why: 'no customer' };
    return { plan: 'create', columns, values: choice.values, row: null };
  }
  const { row, rule } = choice;
  const said = { associateNos: [row.associateNo], columns, values: choice.values, row };
  if (rule !== 'link') return { plan: 'link', why: rule, ...said };
  return { plan: columns.length === 0 ? 'nothing' : 'update', ...said };
}
