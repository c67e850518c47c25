import { Failure } from '../../failure.ts';
import type { ReadRecord } from '../../crm/index.ts';
import type { ChangeBody, ContactValues, OrderKey, RecordRef } from '../../record/index.ts';
import type { PendingRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import { acceptChanges } from '../intake/intake.ts';
import { globalDelay } from '../schedule.ts';
import type { Attempt } from './attempt.ts';
import type { Applied, Work } from './outcome.ts';

type Touch = Extract<ChangeBody, { op: 'touch' }>;

/** What a touch comes to: the change that the CRM's record says, and the place in its history; or no work to be done now. */
export type TouchRead =
  | { readonly kind: 'change'; readonly body: Exclude<ChangeBody, Touch>; readonly key: OrderKey }
  | { readonly kind: 'work'; readonly work: Work };

/** A record that does not show yet what its event told of is looked at again while the event is younger than this. */
const SETTLING_MS = 10_000;
const LOOK_AGAIN_MS = 3_000;

/**
 * Reads the record that a touch names. The order of touches does not matter: what the CRM holds now decides. Gone means
 * deleted. The CRM away costs no attempt: its own flow row holds the record.
 */
export async function readTouch(attempt: Attempt, touch: Touch): Promise<TouchRead> {
  const { deps } = attempt;
  const pending = attempt.pending.row;
  const { crm } = deps;
  if (!crm) throw new Failure('settings.invalid', { detail: 'CRM_ADAPTER: records can no longer be read' });
  try {
    const found = await crm.read(pending.ref);
    if (isNotYetShown(deps, pending, touch, found)) return later(deps.now() + LOOK_AGAIN_MS, 'crm.not-yet-shown');
    return await toChange(attempt, found);
  } catch (error) {
    if (!(error instanceof Failure) || !error.code.startsWith('crm.')) throw error;
    return later(deps.now() + globalDelay(error.details.retryAfterMs, deps.random), error.code);
  }
}

/** While the CRM's flow is stopped touches are held as they are; one instance at a time asks whether it is back. */
export async function heldByCrm({ crm }: SyncDeps, { ref }: PendingRow): Promise<Applied | null> {
  if (!crm) return null;
  const status = await crm.flow.status();
  if (status.is === 'open') return null;
  if (status.is === 'paused') return { outcome: 'paused' };
  try {
    if (
      await crm.flow.tryProbe(async () => {
        await crm.read(ref);
      })
    )
      return null;
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { outcome: 'held', code: error.code };
  }
  return { outcome: 'held', code: status.code };
}

const later = (until: number, code: Failure['code']): TouchRead => ({
  kind: 'work',
  work: { kind: 'wait', code, until },
});

/** A CRM may answer from a copy that lags behind its events by seconds. */
function isNotYetShown({ now }: SyncDeps, { key }: PendingRow, { removed }: Touch, found: ReadRecord): boolean {
  const toldAt = Date.parse(key.occurredAt);
  if (now() - toldAt > SETTLING_MS) return false;
  if (found.is === 'merged') return false;
  return found.is === 'gone' ? !removed : removed || Date.parse(found.modifiedAt) + 1000 < toldAt;
}

async function toChange({ deps, lease, pending }: Attempt, found: ReadRecord): Promise<TouchRead> {
  const { ref, key } = pending.row;
  if (found.is === 'gone') return { kind: 'change', body: { op: 'delete', kind: ref.kind }, key };
  if (found.is === 'merged') return { kind: 'change', body: { op: 'merge', kind: ref.kind, into: found.into }, key };
  const { body, modifiedAt } = found;
  if (body.op === 'touch') throw new Error('a record that was read is no touch');
  const isKnown = lease.state.associateNo !== null || lease.state.intent !== null;
  if (deps.crm?.isGated === true && !isKnown) {
    if (await isKeptOut(deps, ref, found)) return { kind: 'work', work: { kind: 'ignored' } };
    if (ref.kind === 'customer') await touchContacts(deps, pending.row);
  }
  return { kind: 'change', body, key: { version: null, occurredAt: modifiedAt, eventId: `modified:${modifiedAt}` } };
}

/** `CRM_SYNC_WHEN` is asked of customers; a contact without a row follows the customer that it would stand under. */
export async function isKeptOut(
  { crm, ledger }: Pick<SyncDeps, 'crm' | 'ledger'>,
  { kind }: RecordRef,
  found: Extract<ReadRecord, { is: 'found' }>,
): Promise<boolean> {
  if (kind === 'customer') return !found.mayCreate;
  const customer = found.body.op === 'upsert' && found.body.kind === 'contact' ? customerOf(found.body.values) : null;
  if (customer === null || !crm) return false;
  if ((await ledger.readState(customer))?.row.associateNo) return false;
  const read = await crm.read(customer);
  return read.is === 'found' && !read.mayCreate;
}

const customerOf = ({ relatedCustomerCrmId: crmId }: ContactValues): RecordRef | null =>
  crmId === undefined ? null : { kind: 'customer', crmId };

/**
 * A customer that comes through the gate brings its contacts: what they said while it was outside was not kept. Before
 * the customer itself, so that a process killed in between does it again.
 */
async function touchContacts(deps: SyncDeps, { ref, key: { occurredAt }, traceId }: PendingRow): Promise<void> {
  const contacts = (await deps.crm?.contactsOf(ref.crmId)) ?? [];
  const key: OrderKey = { version: null, occurredAt, eventId: `gate:${ref.crmId}` };
  const body = { op: 'touch', kind: 'contact', removed: false } as const;
  await acceptChanges(
    deps,
    contacts.map((crmId) => ({ ref: { kind: 'contact', crmId }, key, body, warnings: [] })),
    traceId,
  );
}
