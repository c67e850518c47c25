import type { CrmId, RecordRef } from '../../shared/record/index.ts';
import { SAMPLE_CHANGES, type CrmEvent } from '../crm/index.ts';
import { refText } from './log-lines.ts';

/**
 * The sample morning moved to just now, whatever this machine's clock says (an event from the future is refused), in two
 * parts: the second begins with the first change of a record that the first part has brought to the ERP, so that there
 * is an update to see. Sent together, the two would be one create.
 */
export function sampleParts(now: Date): readonly (readonly CrmEvent[])[] {
  const times = SAMPLE_CHANGES.map(({ occurredAt }) => Date.parse(occurredAt));
  const shift = now.getTime() - Math.max(...times);
  const events = SAMPLE_CHANGES.map((event) => ({
    ...event,
    occurredAt: new Date(Date.parse(event.occurredAt) + shift).toISOString(),
  }));
  const later = events.findIndex(({ version = 1 }) => version > 1);
  return [events.slice(0, later), events.slice(later)];
}

const refOf = ({ type, data }: CrmEvent): RecordRef => ({
  kind: type.startsWith('customer.') ? 'customer' : 'contact',
  crmId: data.crmId as CrmId,
});

/** Each record once, customers first, then by id. */
export function recordsOf(events: readonly CrmEvent[]): readonly RecordRef[] {
  const byText = new Map(events.map((event) => [refText(refOf(event)), refOf(event)]));
  return [...byText.values()].sort((a, b) => b.kind.localeCompare(a.kind) || a.crmId.localeCompare(b.crmId));
}
