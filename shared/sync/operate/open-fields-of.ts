import { markOf, type Marks } from './marks.ts';
import type { RecordRef } from '../../record/index.ts';
import type { FieldsRow, OpenField } from '../../store/index.ts';

/** Fields of one record that wait for a person, or for leave to be written to the CRM. */
export interface OpenFields {
  readonly ref: RecordRef;
  readonly code: 'field.conflict' | 'crm.held' | 'crm.refused' | 'crm.value-unfit' | 'to-crm';
  readonly fields: readonly string[];
  /** Of the oldest, ISO 8601, UTC. */
  readonly since: string;
  /** By field, of what is listed. */
  readonly marks: Marks;
}

const CODES = {
  conflict: 'field.conflict',
  held: 'crm.held',
  refused: 'crm.refused',
  unfit: 'crm.value-unfit',
  'to-crm': 'to-crm',
} as const;

/** One entry per cause. */
export const openFieldsOf = ({ ref, open }: FieldsRow): readonly OpenFields[] =>
  [...Map.groupBy(Object.entries(open), ([, field]): OpenField['is'] => field.is)].map(([is, fields]) => {
    const since = fields.map(([, field]) => field.since).reduce((a, b) => (a < b ? a : b));
    const marks = Object.fromEntries(fields.map(([name, { crm, erp }]) => [name, markOf(crm, erp)]));
    return { ref, code: CODES[is], fields: fields.map(([name]) => name).sort(), since, marks };
  });
