import type { ContactValues, CustomerValues, OrderKey } from '../../record/index.ts';
import type { SentField, StateRow } from '../../store/index.ts';
import { readAfterWrite } from '../decide/three-values.ts';
import type { SyncDeps } from '../deps.ts';

export interface Echoes {
  /** What the snapshot shows of earlier writes to the CRM. */
  readonly known: Pick<StateRow, 'hashes' | 'wayBack'>;
  /** Fields of which the snapshot says nothing: it was taken before they were written. */
  readonly silent: readonly string[];
  /** What a field means is known once the CRM has answered: it is asked again. */
  readonly isUnknown: boolean;
}

/** The CRM's answer is not waited for longer: then a person may have to say what counts. */
const PATIENCE_MS = 5 * 60_000;

/**
 * Holds a snapshot of the CRM's against what was written to it: a value that shows is the base from now on, one that
 * the CRM changed afterwards was.
 * @param stamp of the snapshot
 */
export async function readEchoes(
  { hash, now }: Pick<SyncDeps, 'hash' | 'now'>,
  { hashes, wayBack }: Pick<StateRow, 'hashes' | 'wayBack'>,
  said: StateRow['hashes'],
  stamp: Pick<OrderKey, 'occurredAt' | 'version'>,
): Promise<Echoes> {
  const inDoubt = { ...wayBack.inDoubt };
  let isUnknown = false;
  const base = { ...hashes };
  const erp = { ...wayBack.erp };
  const sent = { ...wayBack.sent };
  const open = { ...wayBack.open };
  const silent: string[] = [];
  for (const [field, note] of Object.entries(wayBack.sent)) {
    const value = said[field];
    if (value === undefined) continue;
    const read = readAfterWrite(value === (await hash(field, '')) ? '' : value, visibly(note), {
      at: stamp.occurredAt,
      version: stamp.version,
    });
    if (read === 'silent') {
      silent.push(field);
      continue;
    }
    if (read === 'unknown' && now() < Date.parse(note.tried?.at ?? '') + PATIENCE_MS) {
      isUnknown = true;
      continue;
    }
    Reflect.deleteProperty(sent, field);
    if (read === 'says' || read === 'unknown') continue;
    base[field] = note.value;
    Reflect.deleteProperty(erp, field);
    Reflect.deleteProperty(inDoubt, field);
    if (open[field]?.is !== 'conflict') Reflect.deleteProperty(open, field);
  }
  return { known: { hashes: base, wayBack: { ...wayBack, erp, inDoubt, sent, open } }, silent, isUnknown };
}

/** Nobody asks the CRM again about what is not sent any more. */
const visibly = (note: SentField): SentField => (note.isWithdrawn ? { ...note, tried: null } : note);

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
