import type { Work } from '../attempt/outcome.ts';
import type { Choice } from './choose.ts';

/** The ERP's columns that carrying it out writes. */
export const columnsWritten = (choice: Choice): readonly string[] => [
  ...Object.keys(choice.values),
  ...(choice.kind === 'link' && choice.needsNumber ? ['customerNo'] : []),
];

/** What plan mode says instead of doing it. */
export function planOf(choice: Choice): Work {
  const fields = columnsWritten(choice);
  if (choice.kind === 'create') return { kind: 'planned', plan: 'create', fields };
  const change = fields.length > 0 ? 'update' : 'nothing';
  return { kind: 'planned', plan: choice.rule === 'link' ? change : `link:${choice.rule}`, fields };
}
