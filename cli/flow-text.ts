import { FAILURES } from '../shared/failure.ts';
import type { FlowStatus } from '../shared/flow/index.ts';
import { minute, since } from './text.ts';

/** `open`, `paused since … by …`, `stopped since … (code: meaning); next probe …`. */
export function flowText(status: FlowStatus, now: number): string {
  switch (status.is) {
    case 'open':
      return 'open';
    case 'paused':
      return `paused since ${since(status.since, now)} by ${status.by}`;
    case 'stopped': {
      const { code, detail, nextProbeAt } = status;
      const why = `${code}: ${FAILURES[code].meaning}${detail === '' ? '' : ` (${detail})`}`;
      return `stopped since ${since(status.since, now)}; ${why} Next probe ${minute(nextProbeAt)}`;
    }
  }
}

/** True when it stays stopped until somebody mends something. */
export const needsPerson = (status: FlowStatus): boolean =>
  status.is === 'stopped' && FAILURES[status.code].decision === 'configuration';
