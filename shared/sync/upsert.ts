import {
  canonicalFields,
  type RecordRef,
  type AssociateNo,
  type ContactValues,
  type CustomerNo,
  type CustomerValues,
} from '../change/index.ts';
import { Failure } from '../failure.ts';
import { refText, type DebtKind, type PendingRow, type StateRow } from '../ledger/index.ts';
import type { AssociateRow, RowValues, Selector } from '../nxt/index.ts';
import { difference } from './columns-of.ts';
import { decide } from './decide.ts';
import type { SyncDeps } from './deps.ts';
import { externalIdOf, externalIdPrefix } from './external-id.ts';
import type { Lease } from './lease.ts';
import { checkGivenNumber, nextCustomerNo } from './numbers.ts';
import type { Work } from './outcome.ts';
import { findParent } from './parent.ts';
import type { Decision, Situation } from './situation.ts';
import { send, waitForDoubt } from './write.ts';

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
    return done(deps, lease.state, pending, { values, hashes, parentNo, outcome: 'unchanged', wrote: false });
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

interface Wanted {
  readonly values: CustomerValues | ContactValues;
  readonly hashes: Readonly<Record<string, string>>;
  readonly parentNo: AssociateNo | null;
  readonly parentIsKnown: boolean;
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

/** `look-again` when the row vanished, or was taken, between the look and the write. */
async function carryOut(
  deps: SyncDeps,
  lease: Lease,
  pending: PendingRow,
  wanted: Wanted,
  decision: Extract<Decision, { kind: 'create' | 'link' }>,
): Promise<Work | 'look-again'> {
  const { erp, ledger, settings } = deps;
  const { ref, revision } = pending;
  const doubt = waitForDoubt(deps, lease);
  const { intent } = lease.state;

  if (decision.kind === 'create') {
    if (doubt) return doubt;
    if (intent?.kind === 'create' && externalIdOf(settings, ref) === null) throw new Failure('create.uncertain');
    const written = await send(deps, lease, { kind: 'create', revision, hashes: {} }, (beforeSend) =>
      erp.create({ kind: ref.kind, values: decision.values }, beforeSend),
    );
    if (written.kind === 'gone') throw new Failure('erp.row-altered');
    if (written.kind !== 'written') return written;
    const { row } = written;
    await takeLink(deps, lease, ref, row, { createdHere: true, linkIsNew: false });
    const isGiven = ref.kind === 'customer' && decision.values.customerNo === undefined;
    const bad = isGiven ? checkGivenNumber(settings, row.customerNo) : null;
    if (bad) throw bad;
    checkStored(decision.values, row);
    return done(deps, lease.state, pending, { ...wanted, outcome: 'created', wrote: true });
  }

  const { row, rule } = decision;
  const values: RowValues = {
    ...decision.values,
    ...(decision.needsNumber && { customerNo: await nextCustomerNo(deps) }),
  };
  const isNothing = Object.keys(values).length === 0;
  // A create that is found by its id has landed; one found by rule is another row, and ours may still come. An update
  // that was sent may still land, unless it shows already.
  const isOwnCreate = intent?.kind === 'create' && (rule === 'external-id' || rule === 'link');
  const isShown = isNothing && intent?.kind === 'update' && intent.revision === revision;
  if (doubt && !isOwnCreate && !isShown) return doubt;

  if (rule !== 'link' && !(await ledger.claimAssociate(row.associateNo, ref))) return 'look-again';
  const how = {
    createdHere: isOwnCreate || (rule === 'link' && lease.state.createdHere),
    linkIsNew: rule === 'link' ? lease.state.linkIsNew : !isOwnCreate,
  };
  if (isNothing) {
    await takeLink(deps, lease, ref, row, how);
    return done(deps, lease.state, pending, {
      ...wanted,
      outcome: rule === 'link' ? 'unchanged' : 'linked',
      wrote: false,
    });
  }
  const { associateNo, customerNo, createdHere, linkIsNew } = lease.state;
  // The link is saved before the update leaves: whatever becomes of that, the claim and the link say the same.
  if (rule !== 'link') await takeLink(deps, lease, ref, row, how);
  const hashes = sharedHashes(lease.state.hashes, wanted.hashes);
  const written = await send(deps, lease, { kind: 'update', revision, hashes }, (beforeSend) =>
    erp.update(row.associateNo, values, beforeSend),
  );
  if (written.kind === 'gone') {
    if (rule !== 'link') lease.stage({ associateNo, customerNo, createdHere, linkIsNew });
    return 'look-again';
  }
  if (written.kind !== 'written') return written;
  await takeLink(deps, lease, ref, written.row, how);
  checkStored(values, written.row);
  return done(deps, lease.state, pending, { ...wanted, outcome: rule === 'link' ? 'updated' : 'linked', wrote: true });
}

/** Everything the decision rests on: one read of the ERP, and the ledger's claims on what it found. */
async function gather(
  deps: SyncDeps,
  lease: Lease,
  { ref }: PendingRow,
  { values, hashes, parentNo, parentIsKnown }: Wanted,
  link: Situation['link'],
): Promise<Situation> {
  const { erp, ledger, settings } = deps;
  const externalId = externalIdOf(settings, ref);
  const selector: Selector = {
    ...(externalId !== null && { externalId }),
    ...(link
      ? { associateNo: link.associateNo }
      : values.actorNumber !== undefined && { associateNo: values.actorNumber }),
    ...(link === null && 'companyName' in values && customerKeys(values)),
    ...(link === null && parentNo !== null && { contactsOf: parentNo }),
  };
  const [rows] = await Promise.all([
    erp.find(selector),
    parentIsKnown || parentNo === null ? null : checkParent(deps, parentNo),
  ]);
  // A row with another record's id is that record's, whatever the claims say: a customer's contacts are many.
  const prefix = externalIdPrefix(settings);
  const mayBeFree = (row: AssociateRow): boolean =>
    externalId === null || row.externalId === externalId || !row.externalId.startsWith(prefix);
  const holders = await Promise.all(
    link === null
      ? rows
          .filter((row) => mayBeFree(row))
          .map(async (row) => [row.associateNo, await ledger.holderOf(row.associateNo)] as const)
      : [],
  );
  const taken = new Set(holders.filter(([, holder]) => holder !== null && holder !== refText(ref)).map(([no]) => no));
  return {
    ref,
    values,
    policy: settings,
    externalId,
    externalIdPrefix: prefix,
    link,
    rows,
    isTaken: (no) => taken.has(no),
    linkIsNew: lease.state.linkIsNew,
    isChanged: (field) => hashes[field] !== lease.state.hashes[field],
    parentNo,
    deletionMark: settings.NXT_ON_CUSTOMER_DELETED === 'mark' ? settings.NXT_CUSTOMER_DELETED_MARK : '',
  };
}

function customerKeys({ customerNumber, organizationNumber }: CustomerValues): Selector {
  const digits = organizationNumber?.digits ?? null;
  return {
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...(digits !== null && { organizationDigits: digits }),
  };
}

/** A customer that the CRM names by its actor number alone must be one. */
async function checkParent({ erp }: SyncDeps, parentNo: AssociateNo): Promise<void> {
  const [row] = await erp.find({ associateNo: parentNo });
  if (!row) throw new Failure('link.not-found', { candidates: [parentNo] });
  if (row.customerNo === 0) throw new Failure('match.conflict', { candidates: [parentNo] });
}

/** Claims the row for the record; the link goes with the very next save, before anything else can fail. */
async function takeLink(
  deps: SyncDeps,
  lease: Lease,
  ref: RecordRef,
  row: AssociateRow,
  how: Pick<StateRow, 'createdHere' | 'linkIsNew'>,
): Promise<void> {
  const { associateNo } = row;
  const before = lease.state.associateNo;
  if (before !== associateNo) {
    if (!(await deps.ledger.claimAssociate(associateNo, ref))) {
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

const linkOf = ({ associateNo, customerNo }: StateRow): Situation['link'] =>
  associateNo === null ? null : { associateNo, customerNo };

/** Of the fields whose value stays as it was last applied. */
const sharedHashes = (applied: StateRow['hashes'], wanted: StateRow['hashes']): StateRow['hashes'] =>
  Object.fromEntries(Object.entries(applied).filter(([field, hash]) => wanted[field] === hash));

async function hashesOf({ hash }: SyncDeps, values: CustomerValues | ContactValues): Promise<Record<string, string>> {
  const fields = Object.entries(canonicalFields(values));
  return Object.fromEntries(
    await Promise.all(fields.map(async ([field, text]) => [field, await hash(field, text)] as const)),
  );
}

/**
 * True when the ledger alone shows that there is nothing to write: linked, no doubt, and every value as it was last
 * applied. What somebody edited in the ERP since is kept anyway (NXT_ERP_EDITS=keep), so that no read is needed.
 */
function isAppliedAlready(
  { settings }: SyncDeps,
  state: StateRow,
  values: CustomerValues | ContactValues,
  hashes: Readonly<Record<string, string>>,
  parentNo: AssociateNo | null,
): boolean {
  if (settings.NXT_ERP_EDITS !== 'keep' || state.associateNo === null || state.intent !== null) return false;
  if (state.emptied || state.deletedAt !== '' || state.failed) return false;
  if (values.actorNumber !== undefined && values.actorNumber !== state.associateNo) return false;
  if ('companyName' in values && (values.customerNumber ?? state.customerNo) !== state.customerNo) return false;
  if ('companyName' in values && state.customerNo === null) return false;
  return parentNo === state.parentNo && Object.entries(hashes).every(([field, hash]) => state.hashes[field] === hash);
}

/**
 * Before a customer with an organisation number is linked for the first time, the number is claimed: of two records
 * with one number, the second looks when the first is done. The name of the claim, `held`, or null when none is needed.
 */
async function claimOrganization(
  deps: SyncDeps,
  lease: Lease,
  values: CustomerValues | ContactValues,
): Promise<{ readonly name: string } | 'held' | null> {
  const digits = 'companyName' in values ? (values.organizationNumber?.digits ?? null) : null;
  if (digits === null || lease.state.associateNo !== null || deps.settings.SYNC_MODE === 'plan') return null;
  const name = `org|${await deps.hash('organizationNumber', digits)}`;
  const { LEASE_SECONDS, NXT_DOUBT_SECONDS } = deps.settings;
  const now = deps.now();
  const until = new Date(now + (LEASE_SECONDS + NXT_DOUBT_SECONDS) * 1000).toISOString();
  return (await deps.ledger.claimUntil(name, refText(lease.state.ref), until, new Date(now).toISOString()))
    ? { name }
    : 'held';
}

function done(
  { settings }: SyncDeps,
  state: StateRow,
  { ref }: PendingRow,
  {
    values,
    hashes,
    parentNo,
    outcome,
    wrote,
  }: Omit<Wanted, 'parentIsKnown'> & {
    readonly outcome: 'created' | 'linked' | 'updated' | 'unchanged';
    readonly wrote: boolean;
  },
): Work {
  const { associateNo, customerNo } = state;
  const numbers = `${associateNo ?? 0}/${customerNo ?? 0}/${parentNo ?? 0}`;
  const isKnownToCrm =
    values.actorNumber === associateNo &&
    ('companyName' in values ? values.customerNumber === customerNo : values.relatedCustomerActorNumber === parentNo);
  const isOwed = settings.CRM_API_URL !== undefined && !isKnownToCrm && state.numbersOwed !== numbers;
  const owed: DebtKind[] = [
    ...(isOwed ? (['writeback'] as const) : []),
    ...(ref.kind === 'customer' && state.numbersOwed === '' ? (['wake'] as const) : []),
  ];
  return {
    kind: 'done',
    outcome,
    wrote,
    owed,
    state: { parentNo, hashes, linkIsNew: false, intent: null, emptied: false, deletedAt: '', numbersOwed: numbers },
  };
}

function planOf(decision: Extract<Decision, { kind: 'create' | 'link' }>): Work {
  const fields = Object.keys(decision.values);
  if (decision.kind === 'create') return { kind: 'planned', plan: 'create', fields };
  const change = fields.length > 0 || decision.needsNumber ? 'update' : 'nothing';
  return { kind: 'planned', plan: decision.rule === 'link' ? change : `link:${decision.rule}`, fields };
}
