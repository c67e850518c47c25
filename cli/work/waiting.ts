import { osloTime } from '../../shared/oslo-time.ts';
import { recordText, type Selection, type Waiting } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { JsonFlags, SelectionFlags, WhoFlags } from '../flags.ts';
import { aboutCode } from '../flow-text.ts';
import { actorOf, toSelection } from '../selection.ts';
import { count, jsonLines, table } from '../text.ts';
import { sayResults } from './record-results.ts';

/** Reasons to wait that are no failure's code. */
const WHY: Readonly<Record<string, string>> = {
  'next-attempt': 'The last try did not work; the next one comes by itself.',
  paused: 'The sync is paused: `resume` ends it.',
};

const whyOf = ({ code }: Waiting): string => WHY[code] ?? aboutCode(code).meaning;

/** A reason to wait may be one that no failure has. */
function selectionOf(records: readonly string[], { code, ...flags }: SelectionFlags): Selection | null {
  const selection = toSelection(records, flags);
  if (code === undefined) return selection;
  return { ...selection, code };
}

export async function listWaiting(
  { context: { out }, operations }: Session,
  records: readonly string[],
  flags: SelectionFlags & JsonFlags,
): Promise<ExitCode> {
  const waiting = await (await operations()).waiting(selectionOf(records, flags) ?? {});
  if (flags.json) {
    jsonLines(
      out,
      waiting.map(({ ref, ...rest }) => ({ ...ref, ...rest })),
    );
  } else if (waiting.length === 0) {
    out('Nothing waits.');
  } else {
    const rows = waiting.map((each) => [
      recordText(each.ref),
      each.code,
      osloTime(each.since),
      each.until === '' ? 'it is there' : osloTime(each.until),
      whyOf(each),
    ]);
    out(table(['record', 'waits for', 'since', 'until', 'why'], rows));
    out(`${count(waiting.length, 'record')}; \`waiting free <record>\` has one tried now.`);
  }
  return 0;
}

export async function freeWaiting(
  { context, operations }: Session,
  records: readonly string[],
  flags: SelectionFlags & WhoFlags & JsonFlags & { readonly dryRun?: boolean },
): Promise<ExitCode> {
  const selection = selectionOf(records, flags);
  if (selection === null)
    throw new UsageError('error: name records (customer:C-1001 …), --code, --older-than or --all');
  const freed = await (await operations()).free({ selection, dryRun: flags.dryRun === true }, actorOf(context, flags));
  sayResults(context, freed, flags.json, {
    none: 'Nothing to free: nothing that waits fits.',
    ends: flags.dryRun ? '. Nothing was changed.' : '',
  });
  return 0;
}
