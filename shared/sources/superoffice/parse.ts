import * as z from 'zod';
import { isCrmId, type Kind } from '../../record/index.ts';
import type { ParsedEvents } from '../source.ts';
import { toIso } from '../time.ts';
import { eventIdOf, thinChange } from '../touch.ts';

// https://docs.superoffice.com/en/automation/webhook/dev/notification.html. Mind the names: SuperOffice's `contact` is
// the company, its `person` the human being.

const KINDS = new Map<string, Kind>([
  ['contact', 'customer'],
  ['person', 'contact'],
]);
const REMOVED = ['softdeleted', 'deleted'];
const CHANGED = ['created', 'changed', 'consented', 'unconsented'];

const notification = z.object({
  EventId: z.string().optional(),
  Timestamp: z.string().optional(),
  Event: z.string(),
  PrimaryKey: z.int().positive().optional(),
  ContextIdentifier: z.string().optional(),
  ChangedByAssociateId: z.int().nullish(),
});

export interface Expected {
  /** The tenant, where it is known. */
  readonly context: string | undefined;
  /** The integration's own associate: what it changed is an echo. */
  readonly associate: string | undefined;
}

/** A notification → a touch: it names columns, never their values. */
export function parseSuperoffice(json: unknown, now: Date, { context, associate }: Expected): ParsedEvents {
  const result = notification.safeParse(json);
  if (!result.success) {
    const path = result.error.issues[0]?.path.map((step) => `/${String(step)}`).join('') ?? '';
    return { ok: false, tooMany: false, problems: [{ code: 'event.malformed', pointer: path }] };
  }
  const { Event, EventId, Timestamp, PrimaryKey, ContextIdentifier, ChangedByAssociateId } = result.data;
  const [entity = '', what = ''] = Event.split('.');
  const kind = KINDS.get(entity);
  const isOurs = kind !== undefined && [...REMOVED, ...CHANGED].includes(what);
  const isOthers = context !== undefined && ContextIdentifier !== undefined && ContextIdentifier !== context;
  const isEcho = associate !== undefined && String(ChangedByAssociateId) === associate;
  const at = toIso(Timestamp) ?? now.toISOString();
  const id = eventIdOf([ContextIdentifier, EventId ?? `${Event}:${String(PrimaryKey)}:${at}`]);
  // Also the test that SuperOffice sends when the webhook is registered.
  if (!isOurs || isOthers || isEcho) return { ok: true, changes: [], ignored: [id] };
  const crmId = String(PrimaryKey ?? '');
  if (!isCrmId(crmId)) {
    return { ok: false, tooMany: false, problems: [{ code: 'event.missing', pointer: '/PrimaryKey' }] };
  }
  const body = { op: 'touch', kind, removed: REMOVED.includes(what) } as const;
  return { ok: true, changes: [thinChange({ kind, crmId }, body, Date.parse(at), id, now)], ignored: [] };
}
