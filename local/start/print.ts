import type { ChangeAnswer } from '../crm/index.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';

export function placesText({ webhookUrl, healthUrl, consoleUrl, sandbox, crm, logFile }: Surroundings): string {
  return table([
    ['Webhook', webhookUrl],
    ['Console', consoleUrl],
    ['Health', healthUrl],
    ['ERP sandbox', `${sandbox.origin}/sandbox/state`],
    ['  GraphiQL', `${sandbox.origin}/graphiql`],
    ['CRM records', `${crm.origin}/records`],
    ['Log', logFile],
  ]);
}

/** `17 requests answered 202: 14 queued, 2 superseded, 1 repeated`, and one line more for each that was refused. */
export function answersText(answers: readonly ChangeAnswer[]): string {
  const good = answers.filter(({ status }) => status === 202);
  const counts = new Map<string, number>();
  for (const status of good.flatMap(({ body }) => statusesOf(body))) counts.set(status, (counts.get(status) ?? 0) + 1);
  const words = [...counts].map(([status, count]) => `${count} ${status}`).join(', ');
  const refused = answers
    .filter(({ status }) => status !== 202)
    .map(({ status, body }) => `\n  refused with ${status}: ${JSON.stringify(body)}`);
  return `${good.length} answered 202: ${words}${refused.join('')}`;
}

function statusesOf(body: unknown): readonly string[] {
  if (typeof body !== 'object' || body === null || !('accepted' in body) || !Array.isArray(body.accepted)) return [];
  return body.accepted.map((each: unknown) =>
    typeof each === 'object' && each !== null && 'status' in each ? String(each.status) : '?',
  );
}

const EXAMPLE = 'local/start/example-change.json';

/** In every shell the same: no quotes, no line breaks. */
export const curlText = (webhookUrl: string): string =>
  `npx node local/sign.ts ${EXAMPLE} | curl -i -H @- --data-binary @${EXAMPLE} ${webhookUrl}`;
