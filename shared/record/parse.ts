import { isCrmId } from './ids.ts';
import { type Normalized, normalize, normalizeMerge } from './normalize.ts';
import { type Envelope, envelope, MAX_EVENT_ID, MAX_EVENTS } from './schema.ts';
import type { Change, FieldProblem, Kind, RecordRef } from './types.ts';
import { compareKeys } from './order.ts';

/** How far ahead of our clock a change may have happened. */
const MAX_AHEAD_MS = 5 * 60_000;
/** Enough to see what is wrong; a request of 500 bad events does not need 2,000 pointers. */
const MAX_PROBLEMS = 100;

/**
 * A request that is refused whole has `problems` (`event.missing`, `event.malformed`, `event.in-future`) or is
 * `tooMany`. Every pointer points into the request: `/data/crmId` for a single event, `/3/data/crmId` in an array.
 */
export type ParsedChanges =
  | { readonly ok: true; readonly changes: readonly Change[] }
  | { readonly ok: false; readonly tooMany: true }
  | { readonly ok: false; readonly tooMany: false; readonly problems: readonly FieldProblem[] };

/**
 * The JSON of a request (one event, or an array of 1 to 500) → normalised changes in the order given. A bad value makes
 * its own change `invalid`; a bad envelope refuses the request. Never throws, and repeats no value.
 */
export function parseChanges(body: unknown, now: Date): ParsedChanges {
  if (!Array.isArray(body)) return collect([parseEvent(body, '', now)]);
  if (body.length > MAX_EVENTS) return { ok: false, tooMany: true };
  if (body.length === 0) return refused([{ code: 'event.missing', pointer: '' }]);
  return collect(body.map((item: unknown, index) => parseEvent(item, `/${index}`, now)));
}

type ParsedEvent = { readonly change: Change } | { readonly problems: readonly FieldProblem[] };

function collect(events: readonly ParsedEvent[]): ParsedChanges {
  const problems = events.flatMap((event) => ('problems' in event ? event.problems : []));
  if (problems.length > 0) return refused(problems);
  return { ok: true, changes: events.flatMap((event) => ('change' in event ? [event.change] : [])) };
}

const refused = (problems: readonly FieldProblem[]): ParsedChanges => ({
  ok: false,
  tooMany: false,
  problems: problems.slice(0, MAX_PROBLEMS),
});

function parseEvent(item: unknown, pointer: string, now: Date): ParsedEvent {
  const result = envelope.safeParse(item);
  if (!result.success) {
    const paths = new Set(result.error.issues.map((issue) => issue.path.map((step) => `/${String(step)}`).join('')));
    return { problems: [...paths].map((path) => ({ code: codeOf(item, path), pointer: `${pointer}${path}` })) };
  }
  const event = result.data;
  const occurredAt = new Date(event.occurredAt);
  if (occurredAt.getTime() > now.getTime() + MAX_AHEAD_MS) {
    return { problems: [{ code: 'event.in-future', pointer: `${pointer}/occurredAt` }] };
  }
  return toChange(event, occurredAt, pointer);
}

/** Whether what should stand at a path is absent, or there and wrong. */
function codeOf(item: unknown, path: string): string {
  let found = item;
  for (const step of path.split('/').slice(1)) {
    found = typeof found === 'object' && found !== null ? new Map(Object.entries(found)).get(step) : undefined;
  }
  return found === undefined || found === null ? 'event.missing' : 'event.malformed';
}

function toChange(event: Envelope, occurredAt: Date, pointer: string): ParsedEvent {
  const { crmId } = event.data;
  if (!isCrmId(crmId)) return { problems: [{ code: 'event.malformed', pointer: `${pointer}/data/crmId` }] };
  const kind: Kind = event.type.startsWith('customer.') ? 'customer' : 'contact';
  const { body, warnings } = toBody(event, { kind, crmId }, pointer);
  const key = {
    version: event.version ?? null,
    occurredAt: occurredAt.toISOString(),
    eventId: event.id.slice(0, MAX_EVENT_ID).toWellFormed(),
  };
  return { change: { ref: { kind, crmId }, key, body, warnings } };
}

function toBody(event: Envelope, { kind, crmId }: RecordRef, pointer: string): Normalized {
  if (event.id.length > MAX_EVENT_ID) {
    return {
      body: { op: 'invalid', kind, problems: [{ code: 'value.too-long', pointer: `${pointer}/id` }] },
      warnings: [],
    };
  }
  if (event.type.endsWith('.deleted')) return { body: { op: 'delete', kind }, warnings: [] };
  if (event.type.endsWith('.merged')) return normalizeMerge(kind, crmId, event.data, `${pointer}/data`);
  return normalize(kind, event.data, `${pointer}/data`);
}

/** What became of one event of a request when the events of each record were folded to the newest. */
type Folded = 'newest' | 'superseded' | 'repeated';

export interface FoldedChanges {
  /** One change per record: the newest. In the order in which they stood in the request. */
  readonly newest: readonly Change[];
  /** One entry per given change, in the order given. */
  readonly outcomes: readonly Folded[];
}

const recordKey = ({ kind, crmId }: RecordRef): string => `${kind}|${crmId}`;

/** Folds the events of one request, so that each record is stored once. Of equal keys the later in the request wins. */
export function foldChanges(changes: readonly Change[]): FoldedChanges {
  const outcomes: Folded[] = [];
  const winners = new Map<string, { readonly change: Change; readonly index: number }>();
  for (const [index, change] of changes.entries()) {
    const record = recordKey(change.ref);
    const winner = winners.get(record);
    const order = winner === undefined ? 'newer' : compareKeys(change.key, winner.change.key);
    if (order === 'older') {
      outcomes.push('superseded');
    } else if (order === 'repeat') {
      outcomes.push('repeated');
    } else {
      if (winner !== undefined) outcomes[winner.index] = 'superseded';
      winners.set(record, { change, index });
      outcomes.push('newest');
    }
  }
  return { newest: changes.filter((_, index) => outcomes[index] === 'newest'), outcomes };
}
