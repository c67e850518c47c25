import { isCrmId, type Change, type ChangeBody, type FieldProblem, type Kind } from '../../record/index.ts';
import type { ParsedEvents } from '../source.ts';
import { eventIdOf, thinChange, withoutOutranked } from '../touch.ts';
import { anyEvent, associatedContact, recordEvent, subject, type RecordEvent, type What } from './event.ts';

/** HubSpot sends up to 100. */
const MOST_EVENTS = 500;

type Parsed =
  { readonly changes: readonly Change[] } | { readonly ignored: string } | { readonly problem: FieldProblem };

/**
 * The events of a request → touches: an event holds one property at most, so the record is read when it is applied.
 * @param ownProperties those that this program writes: their change is an echo.
 */
export function parseHubspot(json: unknown, now: Date, ownProperties: readonly string[]): ParsedEvents {
  const events: readonly unknown[] = Array.isArray(json) ? json : [json];
  if (events.length > MOST_EVENTS) return { ok: false, tooMany: true };
  if (events.length === 0) return { ok: false, tooMany: false, problems: [{ code: 'event.missing', pointer: '' }] };
  const parsed = events.map((event, index) =>
    parseEvent(event, Array.isArray(json) ? `/${index}` : '', now, ownProperties),
  );
  const problems = parsed.flatMap((each) => ('problem' in each ? [each.problem] : []));
  if (problems.length > 0) return { ok: false, tooMany: false, problems };
  return {
    ok: true,
    changes: withoutOutranked(parsed.flatMap((each) => ('changes' in each ? each.changes : []))),
    ignored: parsed.flatMap((each) => ('ignored' in each ? [each.ignored] : [])),
  };
}

function parseEvent(json: unknown, pointer: string, now: Date, own: readonly string[]): Parsed {
  const any = anyEvent.safeParse(json);
  if (!any.success) return { problem: { code: 'event.malformed', pointer: `${pointer}/subscriptionType` } };
  const about = subject(any.data);
  const result = recordEvent.safeParse(json);
  // What is not subscribed to on purpose may have any form.
  if (about === null) return { ignored: result.success ? idOf(result.data) : eventIdOf([any.data.subscriptionType]) };
  if (!result.success) {
    const path = result.error.issues[0]?.path.map((step) => `/${String(step)}`).join('') ?? '';
    return { problem: { code: 'event.malformed', pointer: `${pointer}${path}` } };
  }
  const event = result.data;
  const id = idOf(event);
  if (about.what === 'propertyChange' && own.includes(event.propertyName ?? '')) return { ignored: id };
  const told = changesOf(event, about.kind, about.what);
  if (told === null) return { ignored: id };
  if (told.length === 0) return { problem: { code: 'event.missing', pointer: `${pointer}/objectId` } };
  return {
    changes: told.flatMap(({ kind, crmId, body }) =>
      isCrmId(crmId) ? [thinChange({ kind, crmId }, body, event.occurredAt, id, now)] : [],
    ),
  };
}

/** `attemptNumber` is left out, and `eventId` alone is not unique. */
const idOf = ({ portalId, subscriptionType, objectId, fromObjectId, occurredAt, propertyName, eventId }: RecordEvent) =>
  eventIdOf([portalId, subscriptionType, objectId ?? fromObjectId, occurredAt, propertyName ?? '', eventId]);

interface Told {
  readonly kind: Kind;
  readonly crmId: string;
  readonly body: ChangeBody;
}

/** Null for an association that concerns no contact and company; nothing for an event that names no record. */
function changesOf(event: RecordEvent, kind: Kind, what: What): readonly Told[] | null {
  const { objectId } = event;
  const touch = (crmId: string, removed = false): Told => ({ kind, crmId, body: { op: 'touch', kind, removed } });
  switch (what) {
    case 'creation':
    case 'propertyChange':
    case 'restore':
      return objectId === undefined ? [] : [touch(objectId)];
    case 'deletion':
      return objectId === undefined ? [] : [touch(objectId, true)];
    case 'privacyDeletion':
      return objectId === undefined ? [] : [{ kind, crmId: objectId, body: { op: 'erase', kind } }];
    case 'associationChange': {
      const contact = associatedContact(event);
      return contact === null
        ? null
        : [{ kind: 'contact', crmId: contact, body: { op: 'touch', kind: 'contact', removed: false } }];
    }
    case 'merge':
      return mergedInto(event, kind, touch);
  }
}

/** The record that stays may have a new id; every other id that the merge names is one that went into it. */
function mergedInto(event: RecordEvent, kind: Kind, touch: (crmId: string) => Told): readonly Told[] {
  const { newObjectId, primaryObjectId, objectId, mergedObjectIds } = event;
  const into = newObjectId ?? primaryObjectId ?? objectId;
  if (into === undefined || !isCrmId(into)) return [];
  const named = [primaryObjectId, objectId, ...(mergedObjectIds ?? [])];
  const gone = new Set(named.filter((id): id is string => typeof id === 'string' && id !== into));
  return [touch(into), ...[...gone].map((crmId): Told => ({ kind, crmId, body: { op: 'merge', kind, into } }))];
}
