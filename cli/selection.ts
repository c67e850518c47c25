import { InvalidArgumentError } from 'commander';
import { isCrmId, type RecordRef } from '../shared/record/index.ts';
import { isFailureCode } from '../shared/failure.ts';
import type { Selection } from '../shared/sync/index.ts';
import { recordText } from './text.ts';

/** As the commands' flags give it. */
export interface SelectionFlags {
  readonly code?: string;
  /** Hours. */
  readonly olderThan?: number;
  readonly all?: boolean;
}

const RECORD = /^(customer|contact):(.+)$/;

export const RECORD_HINT = 'Name a record as customer:C-1001 or contact:P-2001.';

/** `customer:C-1001` or `contact:P-2001`; null for anything else. */
export function parseRecord(text: string): RecordRef | null {
  const [, kind, crmId] = RECORD.exec(text) ?? [];
  if (crmId === undefined || !isCrmId(crmId)) return null;
  return { kind: kind === 'customer' ? 'customer' : 'contact', crmId };
}

/** Once per record of the command line. */
export function collectRecord(text: string, before: readonly RecordRef[] = []): readonly RecordRef[] {
  const ref = parseRecord(text);
  if (!ref) throw new InvalidArgumentError(RECORD_HINT);
  return [...before, ref];
}

const HOURS: Readonly<Record<string, number>> = { m: 1 / 60, h: 1, d: 24 };

/** `30m`, `24h`, `7d` as hours. */
export function hours(text: string): number {
  const [, number, unit = ''] = /^(\d{1,5})([mhd])$/.exec(text) ?? [];
  const perUnit = HOURS[unit];
  if (number === undefined || perUnit === undefined) {
    throw new InvalidArgumentError('Write it as 30m, 24h or 7d.');
  }
  return Number(number) * perUnit;
}

export function failureCode(text: string): string {
  if (!isFailureCode(text)) throw new InvalidArgumentError('No such code; docs/failures.md lists them.');
  return text;
}

export function atLeastOne(text: string): number {
  if (!/^[1-9]\d{0,6}$/.test(text)) throw new InvalidArgumentError('A whole number from 1.');
  return Number(text);
}

/** Null when nothing was chosen: an acting command then does nothing rather than everything. */
export function toSelection(refs: readonly RecordRef[], { code, olderThan, all }: SelectionFlags): Selection | null {
  if (refs.length === 0 && code === undefined && olderThan === undefined && all !== true) return null;
  return {
    ...(refs.length > 0 && { refs }),
    ...(code !== undefined && { code }),
    ...(olderThan !== undefined && { olderThanHours: olderThan }),
  };
}

/** For the audit entry. */
export function selectionText({ refs, code, olderThanHours }: Selection): string {
  const parts = [
    ...(refs ?? []).map(recordText),
    ...(code === undefined ? [] : [`code ${code}`]),
    ...(olderThanHours === undefined ? [] : [`older than ${olderThanHours} h`]),
  ];
  return parts.length === 0 ? 'all' : parts.join(', ');
}
