import type { FieldWrite } from '../crm/index.ts';

/**
 * The CRM says that the record is not as it was a moment ago: what it is now says more. Where nothing of it shows, a
 * person looks at it: trying again would meet the same.
 * @param data the record, read once more; null when it is gone
 */
export async function afterConflict(
  data: Readonly<Record<string, unknown>> | null,
  holds: FieldWrite['holds'],
): Promise<'unknown-record' | 'newer' | 'written' | 'refused'> {
  if (data === null) return 'unknown-record';
  const held = await holds(data);
  return held === 'as-known' ? 'refused' : held;
}
