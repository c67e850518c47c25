import { FAILURES } from '../../shared/failure.ts';
import { flowText } from '../flow-text.ts';
import { count, since } from '../text.ts';
import type { Status } from './read.ts';

/** The status in a few lines, the most urgent first. */
export function statusLines(status: Status, now: number): readonly string[] {
  const { flow, crmFlow, pending, oldestPendingAt, planned, failures, overdue } = status;
  const waits = [
    status.waitingForCustomer > 0 ? `${count(status.waitingForCustomer, 'contact')} for their customer` : '',
    status.waitingForNextAttempt > 0 ? `${count(status.waitingForNextAttempt, 'record')} for the next attempt` : '',
  ].filter((text) => text !== '');
  const failed = Object.values(failures).reduce((sum, each) => sum + each, 0);
  return [
    `flow to the ERP: ${flowText(flow, now)}`,
    ...(crmFlow ? [`flow to the CRM: ${flowText(crmFlow, now)}`] : []),
    ...(flow.is === 'stopped' ? [`  ${FAILURES[flow.code].action}`] : []),
    ...(status.mode === 'plan' ? [`mode: plan; nothing is written, ${count(planned, 'change')} planned and kept`] : []),
    `pending: ${pending}${oldestPendingAt === null ? '' : `, oldest ${since(oldestPendingAt, now)}`}`,
    ...(waits.length > 0 ? [`waiting: ${waits.join(', ')}`] : []),
    ...(status.mode === 'write' && planned > 0 ? [`planned earlier, sent by the next sweep: ${planned}`] : []),
    ...(overdue > 0 ? [`OVERDUE: ${count(overdue, 'record')}; the sweep does not seem to run: is the app up?`] : []),
    ...(status.unreadable > 0
      ? [`UNREADABLE: ${count(status.unreadable, 'row')} of the ledger; was an older version of the program deployed?`]
      : []),
    ...(status.writeBacksOwed > 0 ? [`numbers not yet taken by the CRM: ${status.writeBacksOwed}`] : []),
    `failed: ${failed}${status.beingReplayed > 0 ? `, ${status.beingReplayed} of them being replayed` : ''}`,
    ...Object.entries(failures).map(([code, number]) => `  ${number} ${code}`),
    `queues: ${Object.entries(status.queues)
      .map(([name, depth]) => `${name} ${depth}`)
      .join(', ')}`,
    ...(failed > 0 ? ['`failed list` says what to do.'] : []),
  ];
}
