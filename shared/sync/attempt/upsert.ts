import type { ContactValues, CustomerValues } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { refText, type PendingRow, type StateRow } from '../../store/index.ts';
import { carryOut } from './carry-out.ts';
import { decide } from '../decide/decide.ts';
import type { SyncDeps } from '../deps.ts';
import { gather } from './gather.ts';
import type { Lease } from './lease.ts';
import { claimOrganization } from './organization-claim.ts';
import type { Work } from './outcome.ts';
import { findParent } from './parent.ts';
import { planOf } from '../decide/plan-of.ts';
import type { Situation } from '../decide/situation.ts';
import { upserted } from './upserted.ts';
import { hashesOf, isAppliedAlready, type Wanted } from './wanted.ts';

/** How often a number that somebody else took meanwhile, or a row that vanished, is decided anew. */
const MOST_LOOKS = 3;
const CLAIM_WAIT_MS = 3_000;

/** Brings the ERP's row of a customer or contact to the state in `pending`. */
export async function applyUpsert(
  deps: SyncDeps,
  lease: Lease,
  pending: PendingRow,
  values: CustomerValues | ContactValues,
): Promise<Work> {
  const parent = 'companyName' in values ? null : await findParent(deps, pending, values);
  if (parent?.kind === 'wait') {
    return deps.settings.SYNC_MODE === 'plan'
      ? { kind: 'planned', plan: 'wait-for-customer', fields: [] }
      : parent.work;
  }
  const parentNo = parent?.associateNo ?? null;
  const hashes = await hashesOf(deps, values);

  if (isAppliedAlready(deps, lease.state, values, hashes, parentNo)) {
    return upserted(deps, lease.state, pending, { values, hashes, parentNo, outcome: 'unchanged', wrote: false });
  }

  const organization = await claimOrganization(deps, lease, values);
  if (organization === 'held') {
    return { kind: 'wait', code: 'claim.held', until: deps.now() + CLAIM_WAIT_MS };
  }
  const release = async (): Promise<void> => {
    if (organization !== null) await deps.ledger.releaseClaim(organization.name, refText(pending.ref));
  };
  try {
    const work = await lookAndWrite(deps, lease, pending, {
      values,
      hashes,
      parentNo,
      parentIsKnown: parent?.isKnown ?? true,
    });
    // While a create is in doubt the claim stays, so that the other record with this number waits too.
    if (work.kind === 'wait' || work.kind === 'lost-lease') return work;
    // The link first: the other record may only look when this one can be seen to have the row.
    if (organization !== null && lease.hasStaged) await lease.keep({});
    await release();
    return work;
  } catch (error) {
    if (organization !== null && lease.hasStaged) await lease.keep({});
    await release();
    throw error;
  }
}

async function lookAndWrite(deps: SyncDeps, lease: Lease, pending: PendingRow, wanted: Wanted): Promise<Work> {
  const linked = linkOf(lease.state);
  let link = linked;
  let [isGone, refusal]: [boolean, Failure | null] = [false, null];
  // A person said so, or it was this program that deleted the row and did not hear the answer.
  const mayBeMadeAnew = pending.released || lease.state.intent?.kind === 'delete';
  const gone = () => new Failure('link.gone', { candidates: linked === null ? [] : [linked.associateNo] });
  for (let look = 1; ; look += 1) {
    const situation = await gather(deps, lease, pending, isGone ? withoutGoneNumber(wanted, linked) : wanted, link);
    const decision = decide(situation);
    switch (decision.kind) {
      case 'refuse':
        if (!pending.released || link === null) throw decision.failure;
        // A person let the link be made anew.
        refusal = decision.failure;
        link = null;
        continue;
      case 'gone':
        // Matched once more by rule; if no rule finds a row, a person decides.
        isGone = true;
        link = null;
        continue;
      case 'create':
        // While the linked row is there, another would be a double.
        if (linked !== null && !(isGone && mayBeMadeAnew)) throw refusal ?? gone();
        break;
      case 'link':
        break;
    }
    if (deps.settings.SYNC_MODE === 'plan') return planOf(decision);
    try {
      const work = await carryOut(deps, lease, pending, wanted, decision);
      if (work !== 'look-again') return work;
    } catch (error) {
      const isTaken = error instanceof Failure && error.code === 'erp.number-in-use';
      if (!isTaken || look >= MOST_LOOKS) throw error;
    }
    if (look >= MOST_LOOKS) throw gone();
  }
}

/** The CRM knows the number of the row that is gone: it names nothing any more. */
function withoutGoneNumber(wanted: Wanted, linked: Situation['link']): Wanted {
  if (wanted.values.actorNumber !== linked?.associateNo) return wanted;
  const values = { ...wanted.values };
  Reflect.deleteProperty(values, 'actorNumber');
  return { ...wanted, values };
}

const linkOf = ({ associateNo, customerNo }: StateRow): Situation['link'] =>
  associateNo === null ? null : { associateNo, customerNo };
