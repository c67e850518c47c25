import { setTimeout as delay } from 'node:timers/promises';
import type { Status } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { aboutCode, fixOf, flowText } from '../flow-text.ts';
import { count, json, since } from '../text.ts';

const WATCH_MS = 3_000;
/** Clears the screen and its history, cursor to the top: written as such, for it is this program's own. */
const CLEAR = '\u001b[2J\u001b[3J\u001b[H';

export async function showStatus(session: Session, flags: JsonFlags & { readonly watch?: boolean }): Promise<ExitCode> {
  const { context, operations, isVerbose, goesOn } = session;
  const ops = await operations();
  for (;;) {
    const status = await ops.status();
    goesOn();
    if (flags.watch && context.isTerminal && !flags.json) process.stdout.write(CLEAR);
    context.out(flags.json ? json(status) : statusLines(status, context.now(), isVerbose).join('\n'));
    if (!flags.watch) return status.needsPerson ? 1 : 0;
    await delay(WATCH_MS);
  }
}

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((total, each) => total + each, 0);

/** Everything that matters in one sentence. */
export function headline({
  flow,
  failures,
  beingReplayed,
  pending,
  mode,
  planned,
  overdue,
  differences,
}: Status): string {
  const needy = sum(failures) - beingReplayed;
  const waits = pending === 0 ? '' : ` ${count(pending, 'change')} on ${pending === 1 ? 'its' : 'their'} way.`;
  if (flow.is === 'paused') return `The sync is paused; ${count(pending, 'change')} kept until \`resume\`.`;
  if (flow.is === 'stopped') {
    const { decision } = { decision: 'retry', ...aboutCode(flow.code) };
    const who = decision === 'configuration' ? 'somebody must mend a setting' : 'nothing to do, it goes on by itself';
    return `The sync is stopped: ${who}; ${count(pending, 'change')} kept.`;
  }
  if (overdue > 0) return `The sweep does not seem to run: is the app up?${waits}`;
  if (needy > 0) return `${count(needy, 'record')} ${needy === 1 ? 'needs' : 'need'} a person.${waits}`;
  const differ = differences?.count ?? 0;
  if (differ > 0)
    return `${count(differ, 'difference')} between the systems ${differ === 1 ? 'needs' : 'need'} a person.${waits}`;
  if (mode === 'plan') return `Plan mode: nothing is written, ${count(planned, 'change')} planned and kept.${waits}`;
  return pending === 0 ? 'In sync.' : `In sync but for what is on its way.${waits}`;
}

/** The status in a few lines, the most urgent first. */
export function statusLines(status: Status, now: number, isVerbose: boolean): readonly string[] {
  const { flow, crmFlow, pending, oldestPendingAt, planned, failures, overdue } = status;
  const waits = [
    status.waitingForCustomer > 0
      ? `${count(status.waitingForCustomer, 'contact')} for ${status.waitingForCustomer === 1 ? 'its' : 'their'} customer`
      : '',
    status.waitingForNextAttempt > 0 ? `${count(status.waitingForNextAttempt, 'record')} for the next attempt` : '',
  ].filter((text) => text !== '');
  const failed = sum(failures);
  return [
    headline(status),
    `sync to the ERP: ${flowText(flow, now)}`,
    ...fixOf(flow),
    ...(crmFlow ? [`sync to the CRM: ${flowText(crmFlow, now)}`, ...fixOf(crmFlow)] : []),
    ...(status.mode === 'plan' ? [`mode: plan; nothing is written, ${count(planned, 'change')} planned and kept`] : []),
    `on their way: ${pending}${oldestPendingAt === null ? '' : `, oldest ${since(oldestPendingAt, now)}`}`,
    ...(waits.length > 0 ? [`waiting: ${waits.join(', ')} (\`waiting list\`)`] : []),
    ...(status.mode === 'write' && planned > 0 ? [`planned earlier, sent by the next sweep: ${planned}`] : []),
    ...(overdue > 0 ? [`OVERDUE: ${count(overdue, 'record')}; the sweep does not seem to run: is the app up?`] : []),
    ...(status.unreadable > 0
      ? [`UNREADABLE: ${count(status.unreadable, 'row')} of the ledger; was an older version of the program deployed?`]
      : []),
    ...(status.writeBacksOwed > 0 ? [`numbers not yet taken by the CRM: ${status.writeBacksOwed}`] : []),
    `needs a person: ${failed}${status.beingReplayed > 0 ? `, ${status.beingReplayed} of them being replayed` : ''}`,
    ...Object.entries(failures).map(([code, number]) => `  ${number} ${code}`),
    ...(status.differences === null ? [] : [foundText(status.differences, now)]),
    ...(isVerbose
      ? [
          `queues: ${Object.entries(status.queues)
            .map(([name, depth]) => `${name} ${depth}`)
            .join(', ')}`,
        ]
      : []),
    ...(failed > 0 ? ['`failed list` says what mends it.'] : []),
  ];
}

function foundText({ count: differ, onlyInErp, at }: NonNullable<Status['differences']>, now: number): string {
  const alone = onlyInErp === 0 ? '' : ` and ${onlyInErp} only in the ERP`;
  return `differences: ${differ}${alone}, compared ${since(at, now)} (\`reconcile\` compares again)`;
}
