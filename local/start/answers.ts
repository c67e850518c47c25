import type { ChangeAnswer } from '../crm/index.ts';

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
