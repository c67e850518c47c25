import type { AssociateNo, CustomerNo, RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import {
  DUE,
  emptyState,
  NO_WAY_BACK,
  iso,
  type Kept,
  type PendingMoves,
  type PendingRow,
  type StateRow,
  type Stored,
} from '../../store/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { externalIdOf } from '../decide/numbers.ts';
import { mayBe } from '../decide/match-link.ts';
import { ownershipOf } from '../decide/ownership.ts';
import type { SyncDeps } from '../deps.ts';
import { MESSAGE_GRACE_MS } from '../schedule.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { patiently } from './patiently.ts';
import type { Leased } from './attempt.ts';
import { Lease } from './lease.ts';
import { owedNumbers } from './numbers-owed.ts';
import { claimRow, live } from './claims.ts';
import { send, waitForDoubt } from './write.ts';

/**
 * A person says which ERP row the record is. The row must be there, be of the right kind and not be another live
 * record's. The row it had gives up the record's id and stays otherwise as it is. What waits for the record is tried
 * again at once, and whatever numbers it names no longer speak against the link. Fields that are kept stay as the ERP has
 * them: that change does not write them; the CRM's next one writes what it changes.
 *
 * @throws Failure `link.not-found`, `match.conflict`, `match.already-linked`, or what stands in the way just now
 */
export async function relink(
  deps: SyncDeps,
  ref: RecordRef,
  associateNo: AssociateNo,
  keepsErp: Kept = [],
): Promise<void> {
  await underLease(deps, ref, async (lease, pending) => {
    const row = await readTarget(deps, ref, associateNo);
    if (lease.state.associateNo !== associateNo) await leaveRow({ deps, lease }, ref);
    if (!(await claimRow(deps, associateNo, ref))) {
      throw new Failure('match.already-linked', { candidates: [associateNo] });
    }
    const former = lease.state.associateNo;
    const isSame = former === associateNo;
    if (former !== null && !isSame) await deps.ledger.releaseAssociate(former, ref);
    const customerNo = row.customerNo === 0 ? null : (row.customerNo as CustomerNo);
    const link = {
      associateNo,
      customerNo,
      ...(!isSame && { linkIsNew: true, createdHere: false, hashes: {}, wayBack: NO_WAY_BACK }),
    };
    const told = owedNumbers(deps, lease.state, link);
    const again: PendingMoves = {
      ...{ ...DUE, order: 'link', keepsErp, notBefore: '', attempts: 0 },
      dueAt: iso(deps.now() + MESSAGE_GRACE_MS),
    };
    return { state: { ...link, ...told.state }, owed: told.owed, pending, to: again };
  });
  await deps.queues.sendChange(ref);
}

/**
 * A person says that the record's row is not its own. The row gives up the record's id and stays otherwise as it is;
 * the record's next change is matched by rule again.
 *
 * @throws Failure what stands in the way just now
 */
export async function unlink(deps: SyncDeps, ref: RecordRef): Promise<void> {
  await underLease(deps, ref, async (lease) => {
    await leaveRow({ deps, lease }, ref);
    if (lease.state.associateNo !== null) await deps.ledger.releaseAssociate(lease.state.associateNo, ref);
    const { associateNo, customerNo, parentNo, createdHere, linkIsNew, hashes, wayBack, numbersOwed } = emptyState(ref);
    const nothing = { associateNo, customerNo, parentNo, createdHere, linkIsNew, hashes, wayBack, numbersOwed };
    return { state: { ...nothing, emptied: false, intent: null }, owed: [] };
  });
  await deps.ledger.removeOwed(ref, 'writeback');
}

interface Change {
  readonly state: Partial<StateRow>;
  readonly owed: readonly ('wake' | 'writeback')[];
  readonly pending?: Stored<PendingRow> | null;
  readonly to?: PendingMoves;
}

type UnderLease = (lease: Lease, pending: Stored<PendingRow> | null) => Promise<Change>;

/** Takes the record's lease for one change of its link. @throws Failure `lease.held`, `write.in-doubt` */
const underLease = (deps: SyncDeps, ref: RecordRef, work: UnderLease): Promise<void> =>
  patiently(() => underLeaseNow(deps, ref, work));

async function underLeaseNow(deps: SyncDeps, ref: RecordRef, work: UnderLease): Promise<void> {
  const { pending, state } = await deps.ledger.read(ref);
  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) throw new Failure('lease.held');
  try {
    if (waitForDoubt({ deps, lease }) !== null) throw new Failure('write.in-doubt');
    const { state: changes, owed, pending: at, to } = await work(lease, pending);
    const ending = await lease.end(changes, { owed, ...(at && to && { pending: { at, to } }) });
    // What a newer event brought meanwhile is on its way, and meets the link.
    if (ending === 'lost') throw new Failure('lease.held');
    await sendOwed(deps, ref, owed);
  } catch (error) {
    if (!lease.isOver) await lease.end({});
    throw error;
  }
}

async function readTarget(deps: SyncDeps, ref: RecordRef, associateNo: AssociateNo): Promise<AssociateRow> {
  const candidates = [associateNo];
  const row = (await deps.erp.find({ associateNo })).find((each) => each.associateNo === associateNo);
  if (!row) throw new Failure('link.not-found', { candidates });
  if (!mayBe(ref.kind, row)) throw new Failure('match.conflict', { candidates });
  const ownership = await ownershipOf(live(deps), deps.settings, ref, row);
  if (ownership === 'anothers') throw new Failure('match.already-linked', { candidates });
  return row;
}

/** Takes the record's id out of the row that it had, so that it does not lead there again. */
async function leaveRow({ deps, lease }: Leased, ref: RecordRef): Promise<void> {
  const externalId = externalIdOf(deps.settings, ref);
  if (externalId === null) return;
  const rows = (await deps.erp.find({ externalId })).filter((row) => row.externalId === externalId);
  for (const { associateNo } of rows) {
    const sending = { kind: 'update' as const, revision: 'relink', hashes: lease.state.hashes };
    const written = await send({ deps, lease }, sending, (beforeSend) =>
      deps.erp.update(associateNo, { externalId: '' }, beforeSend),
    );
    if (written.kind !== 'written' && written.kind !== 'gone') throw new Failure('write.in-doubt');
    lease.stage({ intent: null });
  }
}
