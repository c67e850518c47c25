import type { RecordRef } from '../../record/index.ts';
import type { OpenField } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';
import { eachOf } from './failures.ts';
import { byRecord, selects, type Selection } from './selection.ts';

/** Fields of one record that wait for a person, or for leave to be written to the CRM. */
export interface OpenFields {
  readonly ref: RecordRef;
  readonly code: 'field.conflict' | 'crm.held' | 'crm.refused' | 'to-crm';
  readonly fields: readonly string[];
  /** Of the oldest, ISO 8601, UTC. */
  readonly since: string;
}

const CODES = { conflict: 'field.conflict', held: 'crm.held', refused: 'crm.refused', 'to-crm': 'to-crm' } as const;

/** One entry per record and cause, in the order of ids. No values. */
export async function listOpenFields(
  { ledger, now }: Pick<SyncDeps, 'ledger' | 'now'>,
  selection: Selection = {},
): Promise<readonly OpenFields[]> {
  const fits = selects(selection, now());
  const found: OpenFields[] = [];
  await eachOf(ledger, ['fields'], (listed) => {
    if (listed.is !== 'fields') return;
    const { ref, open } = listed.row;
    for (const [is, fields] of Map.groupBy(Object.entries(open), ([, field]): OpenField['is'] => field.is)) {
      const since = fields.map(([, field]) => field.since).reduce((a, b) => (a < b ? a : b));
      const entry = { ref, code: CODES[is], fields: fields.map(([name]) => name).sort(), since };
      if (fits(entry)) found.push(entry);
    }
  });
  return found.sort((a, b) => byRecord(a.ref, b.ref));
}
