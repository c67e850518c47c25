import type { Explained, SignedRequest } from '../source.ts';
import type { CompiledMapping } from './compiled.ts';
import { convert } from './convert.ts';

/** What a mapping makes of a request, event by event. */
export async function explainMapped(
  mapping: CompiledMapping,
  json: unknown,
  request: SignedRequest,
  now: Date,
): Promise<readonly Explained[]> {
  const converted = await convert(mapping, json, request, now);
  if (!converted.ok) return [{ pointer: 'events', event: null, reason: `the expression fails: ${converted.problem}` }];
  if (converted.events.length === 0) return [{ pointer: 'events', event: null, reason: 'the expression finds none' }];
  return converted.events.map((each, index): Explained => {
    const pointer = `/${index}`;
    if ('ignored' in each) return { pointer, event: null, reason: 'ignored: event.type gives it no type' };
    if ('problem' in each) {
      return { pointer: each.problem.pointer, event: null, reason: `the expression fails: ${each.reason}` };
    }
    return { pointer, event: each.event, reason: each.mayCreate ? '' : 'CRM_SYNC_WHEN keeps it from creating a row' };
  });
}
