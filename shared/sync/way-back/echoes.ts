import type { ContactValues, CustomerValues } from '../../record/index.ts';
import type { StateRow } from '../../store/index.ts';
import { readAfterWrite } from '../decide/three-values.ts';
import type { SyncDeps } from '../deps.ts';

export interface Echoes {
  /** What the snapshot shows of earlier writes to the CRM. */
  readonly known: Pick<StateRow, 'hashes' | 'wayBack'>;
  /** Fields of which the snapshot says nothing: it was taken before they were written. */
  readonly silent: readonly string[];
}

/**
 * Holds a snapshot of the CRM's against what was written to it: a value that shows is the base from now on, one that
 * the CRM changed afterwards was.
 * @param stampedAt when the CRM made the snapshot, ISO 8601.
 */
export async function readEchoes(
  { hash }: Pick<SyncDeps, 'hash'>,
  { hashes, wayBack }: Pick<StateRow, 'hashes' | 'wayBack'>,
  said: StateRow['hashes'],
  stampedAt: string,
): Promise<Echoes> {
  const base = { ...hashes };
  const erp = { ...wayBack.erp };
  const sent = { ...wayBack.sent };
  const open = { ...wayBack.open };
  const silent: string[] = [];
  for (const [field, note] of Object.entries(wayBack.sent)) {
    const value = said[field];
    if (value === undefined) continue;
    const read = readAfterWrite(value === (await hash(field, '')) ? '' : value, note, stampedAt);
    if (read === 'silent') {
      silent.push(field);
      continue;
    }
    Reflect.deleteProperty(sent, field);
    if (read === 'says') continue;
    base[field] = note.value;
    Reflect.deleteProperty(erp, field);
    if (open[field]?.is !== 'conflict') Reflect.deleteProperty(open, field);
  }
  return { known: { hashes: base, wayBack: { ...wayBack, erp, sent, open } }, silent };
}

/** The values of a snapshot without the fields of which it says nothing. */
export function withoutFields<Values extends CustomerValues | ContactValues>(
  values: Values,
  fields: readonly string[],
): Values {
  if (fields.length === 0) return values;
  const rest = { ...values };
  // A name is no optional value: it stays, and is not looked at.
  for (const field of fields) if (field !== 'companyName' && field !== 'name') Reflect.deleteProperty(rest, field);
  return rest;
}
