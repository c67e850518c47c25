import { randomUUID } from 'node:crypto';
import type { RecordRef } from '../../record/index.ts';
import { Failure } from '../../failure.ts';
import type { SentField, StateRow } from '../../store/index.ts';
import { Lease } from '../attempt/lease.ts';
import { flowsOf, type FieldFlow } from '../decide/field-flows.ts';
import type { SyncDeps } from '../deps.ts';
import { sendOwed } from '../upkeep/outbox.ts';

export type FieldChoice = { readonly use: 'crm' | 'erp' } | { readonly ignore: true };

export type SettledField = 'sent' | 'when-sent' | 'ignored';

/**
 * A person says what becomes of a field that differs: the CRM's value goes to the ERP, the ERP's to the CRM whatever
 * the hour has had, or the difference stays until either value changes.
 *
 * @returns `sent`: it is on its way; `when-sent`: the CRM's value is not known here, and is written with the CRM's next
 *   change of the record; `ignored`
 * @throws Failure `link.gone`, `lease.held`, `settings.invalid` where the CRM's fields cannot be written
 */
export async function settleField(
  deps: SyncDeps,
  ref: RecordRef,
  field: string,
  choice: FieldChoice,
): Promise<SettledField> {
  const { ledger } = deps;
  const { pending, state } = await ledger.read(ref);
  if (!state || state.row.associateNo === null || state.row.hashes[field] === undefined) {
    throw new Failure('link.not-found');
  }
  const isToCrm = 'use' in choice && choice.use === 'erp';
  if (isToCrm && !deps.canWriteField(ref.kind, field)) throw new Failure('settings.invalid', { detail: 'CRM_API_URL' });
  const lease = await Lease.acquire(deps, ref, state);
  if (!(lease instanceof Lease)) throw new Failure('lease.held');
  try {
    const flow = await flowNow(deps, lease.state, field);
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
    return isToCrm || (pending !== null && !pending.row.expired) ? 'sent' : 'when-sent';
  } catch (error) {
    if (!lease.isOver) await lease.end({});
    throw error;
  }
}

async function flowNow(deps: SyncDeps, state: StateRow, field: string): Promise<FieldFlow> {
  const { ref, associateNo } = state;
  const found = associateNo === null ? [] : await deps.erp.find({ associateNo });
  const row = found.find((each) => each.associateNo === associateNo);
  if (!row) throw new Failure('link.gone', { candidates: associateNo === null ? [] : [associateNo] });
  const flows = await flowsOf({ hash: deps.hash, owners: deps.settings.FIELD_OWNER }, ref.kind, state, null, row);
  const flow = flows[field];
  if (!flow) throw new Failure('link.not-found');
  // What the CRM said when the field was listed is newer than what was last in sync.
  return { ...flow, crm: state.wayBack.open[field]?.crm ?? flow.crm };
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
      },
    };
  }
  const replaced = [flow.crm, ...(before ? [before.value, ...before.replaced] : [])].filter(
    (each) => each !== flow.erp,
  );
  const note: SentField = {
    value: flow.erp,
    replaced: [...new Set(replaced)],
    id: randomUUID(),
    isTried: false,
    isReleased: true,
    answeredAt: '',
  };
  return { wayBack: { ...wayBack, open, ignored: ignoredNow, sent: { ...wayBack.sent, [field]: note } } };
}

const without = <Value>(all: Readonly<Record<string, Value>>, field: string): Readonly<Record<string, Value>> =>
  Object.fromEntries(Object.entries(all).filter(([name]) => name !== field));
