import type { SentField, StateRow } from '../../store/index.ts';

/** Fields whose value the CRM has not taken yet, and that nobody holds back. */
export const due = ({ wayBack: { sent, open } }: Pick<StateRow, 'wayBack'>): readonly [string, SentField][] =>
  Object.entries(sent).filter(([field, note]) => note.answeredAt === '' && open[field] === undefined);

export function withNotes({ wayBack }: StateRow, change: Partial<SentField>): StateRow['wayBack'] {
  const changed = due({ wayBack }).map(([field, note]): [string, SentField] => [field, { ...note, ...change }]);
  return { ...wayBack, sent: { ...wayBack.sent, ...Object.fromEntries(changed) } };
}

/** Notes whose value the ERP does not hold any more and that never left are no longer true. */
export function withoutNotes({ wayBack }: StateRow, held: readonly string[]): StateRow['wayBack'] {
  const gone = due({ wayBack }).filter(([field, note]) => !held.includes(field) && !note.isTried);
  const names = gone.map(([field]) => field);
  return {
    ...wayBack,
    sent: Object.fromEntries(Object.entries(wayBack.sent).filter(([field]) => !names.includes(field))),
  };
}
