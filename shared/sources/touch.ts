import { createHash } from 'node:crypto';
import type { Change, ChangeBody, RecordRef } from '../record/index.ts';

/** Longest event id that is stored. */
const MOST_ID = 128;

/** The id by which a repeat is known: the parts that stay the same when an event is sent again. */
export function eventIdOf(parts: readonly (string | number | undefined)[]): string {
  const id = parts.map((part) => String(part ?? '')).join(':');
  const isPlain = id.length <= MOST_ID && /^[\x21-\x7e]+$/.test(id);
  return isPlain ? id : createHash('sha256').update(id).digest('hex');
}

/** A change that holds nothing of the record. What lies in the future by the sender's clock happened now. */
export function thinChange(ref: RecordRef, body: ChangeBody, happenedAt: number, eventId: string, now: Date): Change {
  const occurredAt = new Date(Math.min(happenedAt, now.getTime())).toISOString();
  return { ref, key: { version: null, occurredAt, eventId }, body, warnings: [] };
}

/** An order to erase, or a merge, says all there is to say about a record: what else the request tells of it goes. */
export function withoutOutranked(changes: readonly Change[]): readonly Change[] {
  const rank = ({ body }: Change): number => (body.op === 'erase' ? 2 : body.op === 'touch' ? 0 : 1);
  const best = new Map<string, number>();
  const keyOf = ({ ref }: Change): string => `${ref.kind}|${ref.crmId}`;
  for (const change of changes) best.set(keyOf(change), Math.max(best.get(keyOf(change)) ?? 0, rank(change)));
  return changes.filter((change) => rank(change) === best.get(keyOf(change)));
}
