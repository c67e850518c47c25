import type { Work } from '../attempt/outcome.ts';
import type { Decision } from './situation.ts';

/** What plan mode says instead of doing it. */
export function planOf(decision: Extract<Decision, { kind: 'create' | 'link' }>): Work {
  const fields = Object.keys(decision.values);
  if (decision.kind === 'create') return { kind: 'planned', plan: 'create', fields };
  const change = fields.length > 0 || decision.needsNumber ? 'update' : 'nothing';
  return { kind: 'planned', plan: decision.rule === 'link' ? change : `link:${decision.rule}`, fields };
}
