import type { Kind } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { OpenField, SentField, StateRow, WayBack } from '../../store/index.ts';
import type { FieldFlow, FieldFlows } from '../decide/field-flows.ts';
import { columnOf, erpBase } from '../decide/row-hashes.ts';
import { iso, type SyncDeps } from '../deps.ts';
import { due, newNote } from './field-notes.ts';

type Deps = Pick<SyncDeps, 'hash' | 'settings' | 'now' | 'canWriteField'>;
type Known = Pick<StateRow, 'hashes' | 'wayBack'>;

/** What a decision leaves of the fields: the base, what the CRM is to have, what is listed. */
export interface AfterDecision extends Known {
  /** Values wait to be written to the CRM. */
  readonly owesFields: boolean;
}

/**
 * What is known of the fields once a decision has been carried out.
 *
 * @param said hashes of what the CRM's snapshot says; null where there was none
 * @param row the ERP's row as it is now
 * @param flows what was decided by three values; undefined where a link was made, or nothing is compared
 */
export async function afterDecision(
  deps: Deps,
  kind: Kind,
  before: Known,
  said: StateRow['hashes'] | null,
  row: AssociateRow,
  flows: FieldFlows | undefined,
): Promise<AfterDecision> {
  const agreed = said ?? before.hashes;
  const hashes: Record<string, string> = {};
  const erp: Record<string, string> = {};
  const inErp = await erpBase(deps, kind, agreed, row);
  for (const [field, hash] of Object.entries(agreed)) {
    const verdict = flows?.[field]?.verdict ?? 'agreed';
    const isNew = verdict === 'agreed' || verdict === 'to-erp';
    const base = isNew && said !== null ? hash : before.hashes[field];
    if (base === undefined) continue;
    hashes[field] = base;
    const other = isNew ? inErp[field] : before.wayBack.erp[field];
    if (other !== undefined) erp[field] = other;
  }
  const sent = sentAfter(deps, kind, before, flows);
  const open = openAfter(deps, before.wayBack, flows ?? {}, sent);
  const ignored = ignoredAfter(before.wayBack, flows);
  const column = await phoneColumn(deps, hashes, row);
  return {
    hashes,
    wayBack: { erp, inDoubt: {}, sent, open, ignored, phoneColumn: column ?? before.wayBack.phoneColumn },
    owesFields: owesFields({ sent, open }),
  };
}

/** Whether the CRM is to have values that it has not taken yet, and that nobody holds back. */
export const owesFields = (wayBack: Pick<WayBack, 'sent' | 'open'>): boolean => due(wayBack).length > 0;

function sentAfter(deps: Deps, kind: Kind, { wayBack }: Known, flows: FieldFlows | undefined): WayBack['sent'] {
  if (flows === undefined) return {};
  const sent: Record<string, SentField> = {};
  // A field the snapshot was silent about keeps its note.
  for (const [field, note] of Object.entries(wayBack.sent)) if (flows[field] === undefined) sent[field] = note;
  for (const [field, flow] of Object.entries(flows)) {
    const note = noteAfter(wayBack, field, flow, writes(deps, kind, field));
    if (note) sent[field] = note;
  }
  return sent;
}

function noteAfter({ sent, open }: WayBack, field: string, flow: FieldFlow, isWritten: boolean): SentField | null {
  const before = sent[field];
  const isListed = open[field]?.is === 'to-crm' && isSame(open[field], flow);
  if (flow.verdict === 'to-crm' && (before?.value === flow.erp || (isWritten && !isListed))) {
    return before?.value === flow.erp ? { ...before, isWithdrawn: false } : noteFor(flow, before);
  }
  if (before === undefined) return null;
  if (before.answeredAt !== '') return flow.verdict === 'stay' || flow.verdict === 'agreed' ? before : null;
  const wentBack = flow.verdict === 'stay' || flow.verdict === 'agreed';
  if (!before.isTried || !wentBack || before.value === flow.erp) return null;
  // What was sent may have arrived: the CRM gets back what the ERP went back to. Nothing is not sent, but the CRM's
  // event for what it took is none of its edits.
  return flow.erp === '' ? { ...before, isWithdrawn: true } : noteFor(flow, before);
}

const noteFor = ({ crm, erp }: FieldFlow, before: SentField | undefined): SentField =>
  newNote(erp, [crm, ...(before ? [before.value, ...before.replaced] : [])]);

const writes = ({ settings, canWriteField }: Deps, kind: Kind, field: string): boolean =>
  settings.ERP_TO_CRM === 'write' && settings.SYNC_MODE === 'write' && canWriteField(kind, field);

const isSame = (a: { readonly crm: string; readonly erp: string } | undefined, b: FieldFlow): boolean =>
  a?.crm === b.crm && a.erp === b.erp;

function openAfter(deps: Deps, { open }: WayBack, flows: FieldFlows, sent: WayBack['sent']): WayBack['open'] {
  const listed: Record<string, OpenField> = {};
  for (const [field, flow] of Object.entries(flows)) {
    const before = open[field];
    const is = listedAs(flow, before, sent[field] !== undefined);
    if (is === null) continue;
    const since = before?.is === is ? before.since : iso(deps.now());
    listed[field] = { is, since, crm: flow.crm, erp: flow.erp };
  }
  return listed;
}

function listedAs(flow: FieldFlow, before: OpenField | undefined, isSent: boolean): OpenField['is'] | null {
  if (flow.verdict === 'conflict') return 'conflict';
  if (flow.verdict !== 'to-crm') return null;
  if (!isSent) return 'to-crm';
  // Held, refused or unfit: it stays so until a person says otherwise or there is another value.
  return (before?.is === 'held' || before?.is === 'refused' || before?.is === 'unfit') && before.erp === flow.erp
    ? before.is
    : null;
}

function ignoredAfter({ ignored }: WayBack, flows: FieldFlows | undefined): WayBack['ignored'] {
  if (flows === undefined) return {};
  return Object.fromEntries(
    Object.entries(ignored).filter(([field]) => flows[field] === undefined || flows[field].isIgnored),
  );
}

async function phoneColumn(
  { hash }: Deps,
  hashes: StateRow['hashes'],
  row: AssociateRow,
): Promise<'phone' | 'mobilePhone' | null> {
  const last = hashes['phoneNumber'];
  return last === undefined || last === (await hash('phoneNumber', '')) ? null : columnOf({ hash }, last, row);
}
