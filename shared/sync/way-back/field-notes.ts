import { randomUUID } from 'node:crypto';
import type { SentField, StateRow, WayBack } from '../../store/index.ts';

export type Note = readonly [field: string, note: SentField];

export const namesOf = (notes: readonly Note[]): readonly string[] => notes.map(([field]) => field);

/** A new value of the ERP's that the CRM is to have. @param replaced what the CRM may still show */
export const newNote = (value: string, replaced: readonly string[], isReleased = false): SentField => ({
  value,
  replaced: [...new Set(replaced)].filter((each) => each !== value),
  id: randomUUID(),
  isTried: false,
  tried: null,
  isWithdrawn: false,
  isReleased,
  answeredAt: '',
});

/** Fields whose value the CRM has not taken yet, and that nobody holds back. */
export const due = ({ sent, open }: Pick<WayBack, 'sent' | 'open'>): readonly Note[] =>
  Object.entries(sent).filter(
    ([field, note]) => note.answeredAt === '' && !note.isWithdrawn && open[field] === undefined,
  );

/** Of the fields that are due those that leave in one request: what left together before leaves together again. */
export function together(notes: readonly Note[]): readonly Note[] {
  const key = notes.find(([, { tried }]) => tried !== null)?.[1].tried?.key;
  return key === undefined ? notes : notes.filter(([, { tried }]) => tried?.key === key);
}

export function withNotes(
  { wayBack }: StateRow,
  notes: readonly Note[],
  change: (note: SentField) => Partial<SentField>,
): StateRow['wayBack'] {
  const changed = notes.map(([field, note]): Note => [field, { ...note, ...change(note) }]);
  return { ...wayBack, sent: { ...wayBack.sent, ...Object.fromEntries(changed) } };
}

/**
 * Without notes whose value the ERP does not hold any more: those that never left are no longer true. What left cannot be
 * sent again, so that nobody waits for an answer to it.
 */
export function withoutNotes({ wayBack }: StateRow, held: readonly string[]): StateRow['wayBack'] {
  const stale = new Set(due(wayBack).flatMap(([field]) => (held.includes(field) ? [] : [field])));
  const sent = Object.entries(wayBack.sent).flatMap(([field, note]): Note[] => {
    if (!stale.has(field)) return [[field, note]];
    return note.isTried ? [[field, { ...note, isWithdrawn: true }]] : [];
  });
  return { ...wayBack, sent: Object.fromEntries(sent) };
}
