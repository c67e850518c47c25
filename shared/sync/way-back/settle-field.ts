import { WRITTEN_FIELDS, type RecordRef } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { Failure } from '../../failure.ts';
import type { BothHashes, StateRow } from '../../store/index.ts';
import { Lease } from '../attempt/lease.ts';
import { patiently } from '../attempt/patiently.ts';
import { flowsOf, type FieldFlow, type FieldFlows } from '../decide/field-flows.ts';
import type { SyncDeps } from '../deps.ts';
import { sendOwed } from '../upkeep/outbox.ts';
import { newNote } from './field-notes.ts';

export type FieldChoice = { readonly use: 'crm' | 'erp' } | { readonly ignore: true };

export type SettledField = 'sent' | 'when-sent' | 'ignored';

/** What a person settles: the field as it stood when it was listed or shown. */
export interface Settling {
  readonly ref: RecordRef;
  readonly field: string;
  readonly choice: FieldChoice;
  /** True where what stands there now is what the person has seen. */
  readonly isSeen: (now: BothHashes, listed: BothHashes | undefined) => boolean;
}

/** The field is not what the person has seen: nothing was done. */
export class FieldChanged extends Failure {
  /** What stands there now. */
  readonly now: BothHashes;

  constructor(now: BothHashes) {
    super('settle.changed');
    this.now = now;
  }
}

/**
 * A person says what becomes of a field that differs: the CRM's value goes to the ERP, the ERP's to the CRM whatever
 * the hour has had, or the difference stays until either value changes. Said twice it is done once.
 *
 * @returns `sent`: it is on its way; `when-sent`: the CRM's value is not known here, and is written with the CRM's next
 *   change of the record; `ignored`
 * @throws FieldChanged; Failure `link.none`, `link.gone`, `lease.held`, `record.restricted`, `settings.invalid` where the CRM's
 *   fields cannot be written
 */
export const settleField = (deps: SyncDeps, settling: Settling): Promise<SettledField> =>
  patiently(() => settleNow(deps, settling));

async function settleNow(deps: SyncDeps, { ref, field, choice, isSeen }: Settling): Promise<SettledField> {
  const { ledger } = deps;
  const { pending, state } = await ledger.read(ref);
  if (!state || state.row.associateNo === null) throw new Failure('link.none');
  if (!WRITTEN_FIELDS[ref.kind].includes(field)) throw new Failure('difference.none');
  if (await deps.restrictions.holds(ref)) throw new Failure('record.restricted');
  const isToCrm = 'use' in choice && choice.use === 'erp';
  if (isToCrm && !deps.canWriteField(ref.kind, field)) throw new Failure('settings.invalid', { detail: 'CRM_API_URL' });
  const isKept = pending !== null && !pending.row.expired;
  if (state.row.hashes[field] === undefined) {
    // The CRM does not manage it, or its value was said to count and has not come yet.
    if ('use' in choice && choice.use === 'crm') return isKept ? 'sent' : 'when-sent';
    throw new Failure('difference.none');
  }
  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) throw new Failure('lease.held');
  try {
    const flow = await flowNow(deps, lease.state, field);
    if (!isSeen(flow, lease.state.wayBack.open[field])) {
      await lookAgain(deps, lease, ref);
      throw new FieldChanged(flow);
    }
    const changes =
      'ignore' in choice ? ignored(lease.state, field, flow) : chosen(lease.state, field, flow, choice.use);
    const owed = isToCrm ? (['fields'] as const) : [];
    if ((await lease.end(changes, { owed })) === 'lost') throw new Failure('lease.held');
    // What the CRM said last, where it is still here, is decided on once more.
    if (pending?.row.failure === 'field.conflict') {
      await ledger.owe(ref, 'look');
      await sendOwed(deps, ref, ['look']);
    }
    await sendOwed(deps, ref, owed);
    if ('ignore' in choice) return 'ignored';
    return isToCrm || isKept ? 'sent' : 'when-sent';
  } catch (error) {
    if (!lease.isOver) await lease.end({});
    throw error;
  }
}

/** What is listed of the record is brought to what stands there now. */
async function lookAgain(deps: SyncDeps, lease: Lease, ref: RecordRef): Promise<void> {
  await lease.end({});
  if (deps.settings.ERP_TO_CRM === 'off') return;
  await deps.ledger.owe(ref, 'look');
  await sendOwed(deps, ref, ['look']);
}

async function flowNow(deps: SyncDeps, state: StateRow, field: string): Promise<FieldFlow> {
  const { associateNo } = state;
  const found = associateNo === null ? [] : await deps.erp.find({ associateNo });
  const row = found.find((each) => each.associateNo === associateNo);
  if (!row) throw new Failure('link.gone', { candidates: associateNo === null ? [] : [associateNo] });
  const flow = (await standing(deps, state, row))[field];
  if (!flow) throw new Failure('difference.none');
  return flow;
}

/** How a record's fields stand, by what is known here of the CRM's side. */
export async function standing(
  { hash, settings }: Pick<SyncDeps, 'hash' | 'settings'>,
  { ref, hashes, wayBack }: Pick<StateRow, 'ref' | 'hashes' | 'wayBack'>,
  row: AssociateRow,
): Promise<FieldFlows> {
  const flows = await flowsOf({ hash, owners: settings.FIELD_OWNER }, ref.kind, { hashes, wayBack }, null, row);
  // What the CRM said when the field was listed is newer than what was last in sync.
  return Object.fromEntries(
    Object.entries(flows).map(([field, flow]) => [field, { ...flow, crm: wayBack.open[field]?.crm ?? flow.crm }]),
  );
}

function ignored({ wayBack }: StateRow, field: string, { crm, erp }: FieldFlow): Partial<StateRow> {
  return {
    wayBack: { ...wayBack, open: without(wayBack.open, field), ignored: { ...wayBack.ignored, [field]: { crm, erp } } },
  };
}

function chosen({ hashes, wayBack }: StateRow, field: string, flow: FieldFlow, use: 'crm' | 'erp'): Partial<StateRow> {
  const open = without(wayBack.open, field);
  const ignoredNow = without(wayBack.ignored, field);
  const before = wayBack.sent[field];
  if (use === 'crm') {
    // As if it had never been applied: the CRM's value is written over whatever is there.
    return {
      hashes: without(hashes, field),
      wayBack: {
        ...wayBack,
        open,
        ignored: ignoredNow,
        sent: without(wayBack.sent, field),
        erp: without(wayBack.erp, field),
        inDoubt: without(wayBack.inDoubt, field),
      },
    };
  }
  // Said before, and on its way: the same change, and no second.
  const isRefused = wayBack.open[field]?.is === 'refused';
  if (before?.value === flow.erp && before.answeredAt === '' && !isRefused) {
    const sent = { ...wayBack.sent, [field]: { ...before, isReleased: true, isWithdrawn: false } };
    return { wayBack: { ...wayBack, open, ignored: ignoredNow, sent } };
  }
  // Both sides hold it.
  if (flow.crm === flow.erp) return { wayBack: { ...wayBack, open, ignored: ignoredNow } };
  const replaced = [flow.crm, ...(before ? [before.value, ...before.replaced] : [])];
  const note = newNote(flow.erp, replaced, true);
  return { wayBack: { ...wayBack, open, ignored: ignoredNow, sent: { ...wayBack.sent, [field]: note } } };
}

const without = <Value>(all: Readonly<Record<string, Value>>, field: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
