import { FAILURES } from '../shared/failure.ts';
import type { FlowStatus } from '../shared/flow/index.ts';
import { osloTime } from '../shared/oslo-time.ts';
import { since } from './text.ts';

/** `running`, `paused since … by …`, `stopped since …: code: meaning; next try …`. */
export function flowText(status: FlowStatus, now: number): string {
  switch (status.is) {
    case 'open':
      return 'running';
    case 'paused':
      return `paused since ${since(status.since, now)} by ${status.by}`;
    case 'stopped': {
      const { code, detail, nextProbeAt } = status;
      const why = `${code}: ${FAILURES[code].meaning}${detail === '' ? '' : ` (${detail})`}`;
      return `stopped since ${since(status.since, now)}; ${why} Next try ${osloTime(nextProbeAt)}`;
    }
  }
}

/** What mends a stop; nothing where it mends itself. */
export const fixOf = (status: FlowStatus): readonly string[] =>
  status.is === 'stopped' ? [`  fix: ${FAILURES[status.code].action}`] : [];

/** What a code means and what mends it; another version of the program may have listed it. */
export const aboutCode = (code: string): { readonly meaning: string; readonly action: string } =>
  code in FAILURES
    ? FAILURES[code as keyof typeof FAILURES]
    : {
        meaning: 'A code of another version of the program.',
        action: 'Look it up in that version’s docs/failures.md.',
      };
