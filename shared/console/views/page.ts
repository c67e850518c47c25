import { html } from 'hono/html';
import type { HtmlEscapedString } from 'hono/utils/html';
import { FAILURES, isFailureCode } from '../../failure.ts';
import { osloTime } from '../../oslo-time.ts';
import { printableLine } from '../../printable.ts';
import type { Caller } from '../access.ts';
import type { Texts } from '../texts/en.ts';

export type Html = HtmlEscapedString | Promise<HtmlEscapedString> | string;

/** Where the console is. */
export const BASE = '/api/ops';

/** What every view needs beside its own data. */
export interface View {
  readonly texts: Texts;
  readonly caller: Caller;
  /** Goes into every form that changes something. */
  readonly token: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Ids of this page's fields, each another. */
  readonly nextId: () => string;
  /** Path of the view, under which the language switch comes back. */
  readonly path: string;
}

/**
 * Text that came from outside (an id, a reason, a name): what a reader cannot see, or what turns the direction of a line,
 * stands there in letters; `html` escapes the rest.
 */
export const shown = printableLine;

/** A time and how long ago that is. */
export const when = (time: string, { texts, now }: Pick<View, 'texts' | 'now'>): string =>
  `${osloTime(time)} (${texts.age(now - Date.parse(time))})`;

type Current = keyof Omit<Texts['nav'], 'label'>;

const VIEWS: readonly (readonly [Current, string])[] = [
  ['state', ''],
  ['needs', '/needs'],
  ['find', '/find'],
  ['which', '/which'],
  ['planned', '/planned'],
  ['differences', '/differences'],
  ['privacy', '/privacy'],
  ['audit', '/audit'],
];

/** The whole page around a view. */
export function page(view: View, current: Current | null, title: string, body: Html): Html {
  const { texts, caller, path } = view;
  const other = texts.language === 'nb' ? 'en' : 'nb';
  return html`<!doctype html>
    <html lang="${texts.language}" data-color-scheme="auto" data-size="sm">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <title>${title} – ${texts.title}</title>
        <link rel="stylesheet" href="${BASE}/console.css" />
        <link rel="icon" href="data:," />
        <script src="${BASE}/refresh.js" defer></script>
      </head>
      <body>
        <a class="ds-skip-link" href="#content">${texts.skip}</a>
        <header class="top">
          <p class="product">${texts.title}</p>
          <div class="who">
            <span>${texts.signedInAs(shown(caller.name), caller.role === 'operator')}</span>
            <a class="ds-link" href="${BASE}${path}?lang=${other}" lang="${other}" hreflang="${other}"
              >${texts.otherLanguage}</a
            >
          </div>
          <nav aria-label="${texts.nav.label}">
            <ul>
              ${VIEWS.map(
                ([name, to]) =>
                  html`<li>
                    <a href="${BASE}${to}" ${name === current ? html`aria-current="page"` : ''}>${texts.nav[name]}</a>
                  </li>`,
              )}
            </ul>
          </nav>
        </header>
        <main id="content" tabindex="-1">
          <h1 class="ds-heading" data-size="md">${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

/** A table that scrolls by itself on a narrow screen. */
export const table = (label: string, headings: readonly string[], rows: readonly Html[]): Html =>
  html`<div class="scroll" role="region" aria-label="${label}" tabindex="0">
    <table class="ds-table">
      <thead>
        <tr>
          ${headings.map((heading) => html`<th scope="col">${heading}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows}
      </tbody>
    </table>
  </div>`;

export const recordLink = (kind: string, crmId: string): Html =>
  html`<a class="ds-link" href="${BASE}/record/${kind}/${encodeURIComponent(crmId)}">${shown(`${kind}:${crmId}`)}</a>`;

export const alert = (color: 'info' | 'success' | 'warning' | 'danger', body: Html | string): Html =>
  html`<div class="ds-alert" data-color="${color}" role="status"><p class="ds-paragraph">${body}</p></div>`;

/** A form that changes something; nothing for somebody who may only look. */
export const form = (view: View, action: string, body: Html): Html =>
  view.caller.role === 'operator'
    ? html`<form method="post" action="${BASE}${action}">
        <input type="hidden" name="token" value="${view.token}" />${body}
      </form>`
    : '';

/** A field with its label. */
export function field(
  { nextId }: Pick<View, 'nextId'>,
  label: string,
  input: {
    readonly name: string;
    readonly hint?: string;
    readonly value?: string;
    readonly type?: string;
    readonly required?: boolean;
    readonly placeholder?: string;
  },
): Html {
  const id = nextId();
  const { name, hint, value = '', type = 'text', required = false } = input;
  return html`<div class="ds-field">
    <label class="ds-label" for="${id}">${label}</label>
    ${hint === undefined ? '' : html`<div data-field="description" id="${id}h">${hint}</div>`}
    <input
      class="ds-input"
      id="${id}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="off"
      ${hint === undefined ? '' : html`aria-describedby="${id}h"`}
      ${required ? html`required` : ''}
    />
  </div>`;
}

export const reasonField = (view: View, required = false): Html =>
  field(view, view.texts.reasonLabel, { name: 'reason', hint: view.texts.reasonHint, required });

export const button = (label: string, variant: 'primary' | 'secondary' = 'primary', color = 'accent'): Html =>
  html`<button class="ds-button" type="submit" data-variant="${variant}" data-color="${color}">${label}</button>`;

const OTHER_VERSION = {
  meaning: 'A code of another version of the program.',
  action: 'See that version’s docs/failures.md.',
};

/** What a code means and what mends it, in the view's language where there is such a text. */
export function explained({ texts }: View, code: string): { readonly meaning: string; readonly action: string } {
  const known = isFailureCode(code) ? (texts.failures[code] ?? FAILURES[code]) : undefined;
  return known ?? OTHER_VERSION;
}
