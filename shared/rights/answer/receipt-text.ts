import { osloTime } from '../../oslo-time.ts';
import type { Receipt } from '../receipts.ts';
import { WORDS, type Language } from './words.ts';

export type { Language };

/** A receipt for print or e-mail, as lines of text; no personal value is in it. */
export function receiptText(receipt: Receipt, language: Language): string {
  const words = WORDS[language];
  const { right, requester, reference, done, records, associateNos, decision, endedAt } = receipt;
  const facts: (readonly [string, string])[] = [
    [words.receipt, receipt.id],
    [words.received, osloTime(receipt.at)],
    [words.askedBy, words.requesters[requester]],
    ...(reference === '' ? [] : [[words.reference, reference] as const]),
    [words.carriedOutBy, receipt.by],
    [words.deadline, osloTime(receipt.deadline)],
    ...(records.length === 0 ? [] : [[words.records, records.join(', ')] as const]),
    ...(associateNos.length === 0 ? [] : [[words.rows, associateNos.join(', ')] as const]),
  ];
  const width = Math.max(...facts.map(([name]) => name.length));
  const counted = Object.entries(done).filter(([, number]) => number > 0);
  return [
    words.rights[right],
    '',
    ...facts.map(([name, value]) => `${`${name}:`.padEnd(width + 2)} ${value}`),
    ...(counted.length === 0 ? [] : ['', `${words.found}:`]),
    ...counted.map(([name, number]) => `- ${number} ${words.done[name] ?? name}`),
    '',
    ...(decision === '' ? [] : [`${words.decision[decision]} (${osloTime(receipt.decidedAt)}).`]),
    endedAt === '' ? `${words.underWay}.` : `${words.finished}: ${osloTime(endedAt)}.`,
    ...(right === 'erasure' && endedAt !== '' ? ['', words.erasedNote] : []),
  ].join('\n');
}
