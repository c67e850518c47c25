import { isFailureCode } from '../shared/failure.ts';
import { isCrmId, type RecordRef } from '../shared/record/index.ts';
import type { Actor, Selection } from '../shared/sync/index.ts';
import { UsageError, type Context } from './context.ts';
import type { SelectionFlags, WhoFlags } from './flags.ts';

const RECORD = /^(customer|contact):(.+)$/;

/** `customer:C-1001` or `contact:P-2001`; null for anything else. */
function parseRecord(text: string): RecordRef | null {
  const [, kind, crmId] = RECORD.exec(text.trim()) ?? [];
  if (crmId === undefined || !isCrmId(crmId)) return null;
  return { kind: kind === 'customer' ? 'customer' : 'contact', crmId };
}

/** @throws UsageError */
export function recordOf(text: string): RecordRef {
  const ref = parseRecord(text);
  if (ref) return ref;
  throw new UsageError(`error: "${text}" names no record; write it as customer:C-1001 or contact:P-2001`);
}

/** Null when nothing was chosen: an acting command then does nothing rather than everything. @throws UsageError */
export function toSelection(records: readonly string[], { code, olderThan, all }: SelectionFlags): Selection | null {
  const refs = records.map(recordOf);
  if (code !== undefined && !isFailureCode(code)) {
    throw new UsageError(`error: there is no code "${code}"; docs/failures.md lists them`);
  }
  if (refs.length === 0 && code === undefined && olderThan === undefined && all !== true) return null;
  return {
    ...(refs.length > 0 && { refs }),
    ...(code !== undefined && { code }),
    ...(olderThan !== undefined && { olderThanHours: olderThan }),
  };
}

/** @throws UsageError when nothing was chosen */
export function chosen(records: readonly string[], flags: SelectionFlags, hint: string): Selection {
  const selection = toSelection(records, flags);
  if (selection) return selection;
  throw new UsageError(`error: name ${hint}`);
}

export const actorOf = ({ user }: Context, { by, reason }: WhoFlags): Actor => ({
  by: by ?? user,
  reason: reason ?? '',
});
