import type { ContactValues, CustomerValues, OrderKey } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import { choose, linkGone, type Choice } from '../decide/choose.ts';
import { externalIdOf } from '../decide/numbers.ts';
import { planOf } from '../decide/plan-of.ts';
import type { Attempt } from './attempt.ts';
import { carryOut } from './carry-out.ts';
import { live, noteRefused, claimOrganization } from './claims.ts';
import type { Work } from './outcome.ts';
import { findParent } from './parent.ts';
import { owesFields } from '../way-back/after-decision.ts';
import { readEchoes, withoutFields } from '../way-back/echoes.ts';
import { upserted, hashesOf, isAppliedAlready, type Wanted } from './wanted.ts';
import { waitForDoubt } from './write.ts';

/** How often a number that somebody else took meanwhile, or a row that vanished, is decided anew. */
const MOST_LOOKS = 3;
const CLAIM_WAIT_MS = 3_000;
/** What was written to the CRM is sent again meanwhile, if its answer was lost. */
const ANSWER_WAIT_MS = 10_000;

/**
 * Brings the ERP's row of a customer or contact to the state in `pending`.
 * @param key when the CRM made the snapshot
 */
export async function applyUpsert(
  attempt: Attempt,
  sent: CustomerValues | ContactValues,
  key: OrderKey,
): Promise<Work> {
  const { deps, lease } = attempt;
  const echoes = await readEchoes(deps, lease.state, await hashesOf(deps, sent), key);
  if (echoes.isUnknown) return { kind: 'wait', code: 'write.in-doubt', until: deps.now() + ANSWER_WAIT_MS };
  if (Object.keys(lease.state.wayBack.sent).length > 0) lease.stage(echoes.known);
  const values = withoutFields(sent, echoes.silent);
  const parent = 'companyName' in values ? null : await findParent(attempt, values);
  if (parent?.kind === 'wait') {
    return deps.settings.SYNC_MODE === 'plan'
      ? { kind: 'planned', plan: 'wait-for-customer', fields: [] }
      : parent.work;
  }
  const parentNo = parent?.kind === 'found' ? parent.associateNo : null;
  const hashes = withoutKeys(await hashesOf(deps, values), echoes.silent);

  if (isAppliedAlready(deps, lease.state, values, hashes, parentNo)) {
    const { wayBack } = lease.state;
    // A value that waited for this very event goes on its way again.
    const known = { hashes: { ...lease.state.hashes, ...hashes }, wayBack, owesFields: owesFields(wayBack) };
    return upserted(attempt, { values, parentNo, known, outcome: 'unchanged', wrote: false });
  }

  const organization = await claimOrganization(attempt, values, hashes);
  if (organization === 'held') {
    return { kind: 'wait', code: 'claim.held', until: deps.now() + CLAIM_WAIT_MS };
  }
  const release = async (): Promise<void> => {
    if (organization !== null) await deps.ledger.releaseClaim(organization);
  };
  try {
    const work = await lookAndWrite(attempt, {
      values,
      hashes,
      parentNo,
      parentIsKnown: parent?.kind === 'found' ? parent.isKnown : true,
      silent: echoes.silent,
    });
    // While a create is in doubt the claim stays, so that the other record with this number waits too.
    if (work.kind === 'wait' || work.kind === 'lost-lease') return work;
    if (work.kind === 'done') return organization === null ? work : { ...work, claim: organization };
    await release();
    return work;
  } catch (error) {
    if (organization !== null && lease.hasStaged) await lease.keep({});
    await release();
    throw error;
  }
}

async function lookAndWrite(attempt: Attempt, wanted: Wanted): Promise<Work> {
  const { deps, lease } = attempt;
  const { ref } = attempt.pending.row;
  const { associateNo, deletedAt } = lease.state;
  // It comes back: from here on nobody else takes its row over.
  if (associateNo !== null && deletedAt !== '') await deps.ledger.reclaimAssociate(associateNo, ref);
  for (let look = 1; ; look += 1) {
    const subject = { ...wanted, ref, state: lease.state };
    const choice = await chooseOrNote(attempt, subject, look < MOST_LOOKS).catch((error: unknown) =>
      ofLostCreate(attempt, error),
    );
    if (choice === 'look-again') continue;
    if (choice.kind === 'wait') return choice;
    if (isNobodys(choice, subject)) return waitForDoubt(attempt) ?? forNobody();
    if (deps.settings.SYNC_MODE === 'plan') return planOf(choice);
    try {
      const work = await carryOut(attempt, wanted, choice);
      if (work !== 'look-again') return work;
    } catch (error) {
      const isTaken = error instanceof Failure && error.code === 'erp.number-in-use';
      if (!isTaken || look >= MOST_LOOKS) throw error;
    }
    if (look >= MOST_LOOKS) throw linkGone(lease.state);
  }
}

const withoutKeys = (hashes: Wanted['hashes'], keys: readonly string[]): Wanted['hashes'] =>
  Object.fromEntries(Object.entries(hashes).filter(([key]) => !keys.includes(key)));

/** What is refused because another record has the row is tried again when that record is gone. */
async function chooseOrNote(
  { deps, pending }: Attempt,
  subject: Parameters<typeof choose>[2],
  mayLookAgain: boolean,
): Promise<Choice | 'look-again'> {
  try {
    return await choose(live(deps), deps.settings, subject, pending.row);
  } catch (error) {
    const isTaken = error instanceof Failure && error.code === 'match.already-linked';
    if (!isTaken || deps.settings.SYNC_MODE === 'plan') throw error;
    const isFree = await noteRefused(deps, subject.ref, error.details.candidates ?? []);
    if (!isFree || !mayLookAgain) throw error;
    return 'look-again';
  }
}

/**
 * What a refusal means while a create was sent and its answer lost: nothing is said before that create can no longer
 * land, and where no column holds the id a row that looks like the record may be the very one that was created.
 */
function ofLostCreate(attempt: Attempt, error: unknown): Extract<Work, { kind: 'wait' }> {
  const { deps, lease, pending } = attempt;
  if (!(error instanceof Failure) || lease.state.intent?.kind !== 'create') throw error;
  const doubt = error.code.startsWith('match.') ? waitForDoubt(attempt) : null;
  if (doubt !== null) return doubt;
  const mayBeIt = error.code === 'match.possible' && externalIdOf(deps.settings, pending.row.ref) === null;
  throw mayBeIt ? new Failure('create.uncertain', error.details) : error;
}

/** A contact without a customer gets no row. */
const isNobodys = ({ kind }: Choice, { ref, parentNo }: Parameters<typeof choose>[2]): boolean =>
  kind === 'create' && ref.kind === 'contact' && parentNo === null;

/** Nothing is kept of it but the time of its event. */
const forNobody = (): Work => ({
  kind: 'done',
  outcome: 'unchanged',
  wrote: false,
  owed: [],
  state: { parentNo: null, hashes: {}, intent: null },
});
