import { osloTime } from '../../shared/oslo-time.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { jsonLines, table, tallyText } from '../text.ts';

export async function listAudit(
  { context: { out }, operations }: Session,
  { limit, json }: JsonFlags & { readonly limit: number },
): Promise<ExitCode> {
  const entries = await (await operations()).audit(limit);
  if (json) {
    jsonLines(out, entries);
  } else if (entries.length === 0) {
    out('Nobody has done anything yet.');
  } else {
    const rows = entries.map(({ at, by, action, selection, reason, count, results, endedAt }) => [
      osloTime(at),
      by,
      action,
      String(count),
      endedAt === '' ? 'did not come to its end' : tallyText(results),
      selection,
      reason,
    ]);
    out(table(['when', 'who', 'what', 'records', 'results', 'selection', 'reason'], rows));
  }
  return 0;
}
