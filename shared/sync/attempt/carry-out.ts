import type { CustomerNo } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { StateRow } from '../../store/index.ts';
import type { AssociateRow, RowValues } from '../../erp/index.ts';
import { difference, isFieldColumn, PHONE_BEFORE } from '../decide/row-texts.ts';
import { externalIdOf, checkGivenNumber } from '../decide/numbers.ts';
import type { FieldFlows } from '../decide/field-flows.ts';
import { afterDoubt, whileInDoubt, type FlowState } from '../decide/in-doubt.ts';
import type { Attempt, Leased } from './attempt.ts';
import { claimRow } from './claims.ts';
import type { Work } from './outcome.ts';
import type { Decision } from '../decide/situation.ts';
import { afterDecision, type AfterDecision } from '../way-back/after-decision.ts';
import { upserted, sharedHashes, type Wanted } from './wanted.ts';
import { send, waitForDoubt } from './write.ts';

/** `look-again` when the row vanished, or was taken, between the look and the write. */
export async function carryOut(
  attempt: Attempt,
  wanted: Wanted,
  decision: Extract<Decision, { kind: 'create' | 'link' }>,
): Promise<Work | 'look-again'> {
  const { deps, lease } = attempt;
  const { erp, settings } = deps;
  const { ref, revision } = attempt.pending.row;
  const doubt = waitForDoubt(attempt);
  const { intent } = lease.state;
  const known =
    decision.kind === 'link' ? await afterDoubt(deps, ref.kind, lease.state, decision.row) : knownOf(lease.state);
  const done = async (row: AssociateRow, outcome: 'created' | 'linked' | 'updated' | 'unchanged', wrote: boolean) => {
    const flows = decision.kind === 'link' ? decision.flows : undefined;
    const after = await afterDecision(deps, ref.kind, known, wanted.hashes, row, flows);
    return upserted(attempt, { ...wanted, outcome, wrote, known: withSilent(after, known, wanted) });
  };

  if (decision.kind === 'create') {
    if (doubt) return doubt;
    if (intent?.kind === 'create' && externalIdOf(settings, ref) === null) throw new Failure('create.uncertain');
    const written = await send(attempt, { kind: 'create', revision, hashes: {} }, (beforeSend) =>
      erp.create({ kind: ref.kind, values: decision.values }, beforeSend),
    );
    if (written.kind === 'gone' || written.kind === 'changed') throw new Failure('erp.row-altered');
    if (written.kind !== 'written') return written;
    const { row } = written;
    await takeLink(attempt, row, { createdHere: true, linkIsNew: false });
    const isGiven = ref.kind === 'customer' && decision.values.customerNo === undefined;
    const bad = isGiven ? checkGivenNumber(settings, row.customerNo) : null;
    if (bad) throw bad;
    checkStored(decision.values, row);
    return done(row, 'created', true);
  }

  const { row, rule } = decision;
  const isNothing = Object.keys(decision.values).length === 0 && !decision.needsNumber;
  // A create that is found by its id has landed; one found by rule is another row, and ours may still come. An update
  // that was sent may still land, unless it shows already.
  const isOwnCreate = intent?.kind === 'create' && (rule === 'external-id' || rule === 'link');
  const isShown = isNothing && intent?.kind === 'update' && intent.revision === revision;
  if (doubt && !isOwnCreate && !isShown) return doubt;

  if (rule !== 'link' && !(await claimRow(deps, row.associateNo, ref))) return 'look-again';
  const how = {
    createdHere: isOwnCreate || (rule === 'link' && lease.state.createdHere),
    linkIsNew: rule === 'link' ? lease.state.linkIsNew : !isOwnCreate,
  };
  // A link that an earlier try saved, and through which nothing was applied, is this change's still.
  const isLinked = rule === 'link' && !how.linkIsNew;
  if (isNothing) {
    await takeLink(attempt, row, how);
    return done(row, isLinked ? 'unchanged' : 'linked', false);
  }
  const values: RowValues = {
    ...decision.values,
    ...(decision.needsNumber && { customerNo: await erp.nextCustomerNo() }),
  };
  const { associateNo, customerNo, createdHere, linkIsNew } = lease.state;
  // The link is saved before the update leaves: whatever becomes of that, the claim and the link say the same.
  if (rule !== 'link') await takeLink(attempt, row, how);
  const meanwhile = whileSent(lease.state, known, wanted, decision.flows);
  const written = await send(attempt, { kind: 'update', revision, ...meanwhile }, (beforeSend) =>
    erp.update(row.associateNo, values, beforeSend, decision.flows && heldIn(row, decision.values)),
  );
  if (written.kind === 'gone' || written.kind === 'changed') {
    if (rule !== 'link') lease.stage({ associateNo, customerNo, createdHere, linkIsNew });
    return 'look-again';
  }
  if (written.kind !== 'written') return written;
  await takeLink(attempt, written.row, how);
  checkStored(values, written.row);
  return done(written.row, isLinked ? 'updated' : 'linked', true);
}

const knownOf = ({ hashes, wayBack }: StateRow): FlowState => ({ hashes, wayBack });

/** What is known until the answer of an update has come. */
function whileSent(state: StateRow, known: FlowState, wanted: Wanted, flows: FieldFlows | undefined): FlowState {
  const applied = state.hashes;
  const phone = applied['phoneNumber'] ?? applied[PHONE_BEFORE];
  const meanwhile = flows
    ? whileInDoubt(known, state.wayBack.inDoubt, writtenOf(wanted.hashes, flows))
    : { hashes: sharedHashes(applied, wanted.hashes), wayBack: known.wayBack };
  return { ...meanwhile, hashes: { ...meanwhile.hashes, ...(phone !== undefined && { [PHONE_BEFORE]: phone }) } };
}

const writtenOf = (hashes: Wanted['hashes'], flows: FieldFlows): Wanted['hashes'] =>
  Object.fromEntries(Object.entries(hashes).filter(([field]) => flows[field]?.verdict === 'to-erp'));

/** What the snapshot is silent about stays as it was. */
function withSilent(
  after: AfterDecision,
  { hashes, wayBack }: Pick<StateRow, 'hashes' | 'wayBack'>,
  { silent }: Wanted,
): AfterDecision {
  const kept = <Value>(all: Readonly<Record<string, Value>>) =>
    Object.fromEntries(Object.entries(all).filter(([field]) => silent.includes(field)));
  return {
    ...after,
    hashes: { ...after.hashes, ...kept(hashes) },
    wayBack: {
      ...after.wayBack,
      erp: { ...after.wayBack.erp, ...kept(wayBack.erp) },
      open: { ...after.wayBack.open, ...kept(wayBack.open) },
    },
  };
}

/** What the row held in the columns that are written: should accounting have changed one since, it is decided anew. */
const heldIn = (row: AssociateRow, values: RowValues): RowValues =>
  Object.fromEntries(
    Object.keys(values).flatMap((column) => (isFieldColumn(column) ? [[column, row[column]] as const] : [])),
  );

/** Claims the row for the record; the link goes with the very next save, before anything else can fail. */
async function takeLink(
  { deps, lease }: Leased,
  row: AssociateRow,
  how: Pick<StateRow, 'createdHere' | 'linkIsNew'>,
): Promise<void> {
  const { ref } = lease.state;
  const { associateNo } = row;
  const before = lease.state.associateNo;
  if (before !== associateNo) {
    if (!(await claimRow(deps, associateNo, ref))) {
      throw new Failure('match.already-linked', { candidates: [associateNo] });
    }
    if (before !== null) await deps.ledger.releaseAssociate(before, ref);
  }
  const customerNo = row.customerNo === 0 ? null : (row.customerNo as CustomerNo);
  lease.stage({ associateNo, customerNo, ...how, intent: null });
}

/** The ERP must have stored what was sent. */
function checkStored(sent: RowValues, row: AssociateRow): void {
  const altered = Object.keys(difference(sent, row));
  // Rows whose id was cut could not be found again: nothing more may be created before a person has looked.
  if (altered.includes('externalId')) throw new Failure('erp.external-id-changed', { candidates: [row.associateNo] });
  if (altered.length > 0)
    throw new Failure('erp.row-altered', { detail: altered.join(', '), candidates: [row.associateNo] });
}
