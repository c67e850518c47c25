import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import type { AccessAnswer, HeldHere, HeldInErp } from '../access.ts';
import { WORDS, type Language, type Words } from './words.ts';

type Fact = readonly [name: string, value: string];

/** The answer to a request for access as a page to print or send; every value in it is escaped. */
export async function accessPage(answer: AccessAnswer, language: Language): Promise<string> {
  const words = WORDS[language];
  const { title } = words.access;
  const page = await html`<!doctype html>
    <html lang="${language}">
      <head>
        <meta charset="utf-8" />
        <title>${title}</title>
        <style>
          body {
            font: 1rem/1.5 sans-serif;
            max-width: 45rem;
            margin: 2rem auto;
            padding: 0 1rem;
          }
          dl {
            display: grid;
            grid-template-columns: max-content 1fr;
            gap: 0.25rem 1.5rem;
          }
          dd {
            margin: 0;
            white-space: pre-line;
          }
        </style>
      </head>
      <body>
        <h1>${title}</h1>
        ${accessFacts(answer, language)}
      </body>
    </html> `;
  return String(page);
}

/** The same as a part of another page. */
export function accessFacts({ at, heldHere, heldInErp }: AccessAnswer, language: Language) {
  const words = WORDS[language];
  const { intro, nothing, purpose } = words.access;
  const sections = [
    { heading: words.access.heldHere, lists: heldHere.map((held) => factsHere(held)) },
    { heading: words.access.heldInErp, lists: heldInErp.map((held) => factsInErp(held)) },
  ];
  return html`<p>${intro} ${osloTime(at)}.</p>
    ${sections.map(
      ({ heading, lists }) =>
        html`<h2>${heading}</h2>
          ${lists.length === 0 ? html`<p>${nothing}</p>` : lists.map((facts) => list(facts, words))}`,
    )}
    <p>${purpose}</p>`;
}

const list = (facts: readonly Fact[], words: Words) =>
  html`<dl>
    ${facts
      .filter(([, value]) => value !== '')
      .map(
        ([name, value]) =>
          html`<dt>${words.access.fields[name] ?? name}</dt>
            <dd>${value}</dd>`,
      )}
  </dl>`;

const number = (value: number | null): string => (value === null || value === 0 ? '' : String(value));
const time = (value: string): string => (value === '' ? '' : osloTime(value));
const yes = (value: boolean): string => (value ? '✓' : '');

function factsHere({ record, pending, link, failure, isRestricted, isSuppressed }: HeldHere): readonly Fact[] {
  return [
    ['record', record],
    ['receivedAt', time(pending?.receivedAt ?? '')],
    ...Object.entries(pending?.values ?? {}).map(([name, value]) => [name, String(value)] as const),
    ['actorNumber', number(link?.actorNumber ?? null)],
    ['relatedCustomerActorNumber', number(link?.relatedCustomerActorNumber ?? null)],
    ['lastWriteAt', time(link?.lastWriteAt ?? '')],
    ['deletedAt', time(link?.deletedAt ?? '')],
    ['hashedFields', (link?.hashedFields ?? []).join(', ')],
    ['failure', failure ? `${failure.code}, ${osloTime(failure.since)}` : ''],
    ['isRestricted', yes(isRestricted)],
    ['isSuppressed', yes(isSuppressed)],
  ];
}

const factsInErp = (held: HeldInErp): readonly Fact[] =>
  Object.entries(held).map(([name, value]) => {
    if (typeof value === 'number') return [name, number(value)];
    return [name, typeof value === 'string' ? value : value.join('\n')];
  });
