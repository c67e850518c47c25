import { html } from 'hono/html';
import type { AuditEntry } from '../../audit/index.ts';
import type { FailureGroup, Note } from '../../sync/index.ts';
import { auditTable } from './audit.ts';
import { alert, BASE, explained, page, shown, when, type Html, type View } from './page.ts';

/** Failures by cause, and the causes for which only fields wait. */
export function needsView(
  view: View,
  groups: readonly FailureGroup[],
  notes: readonly Note[],
  last: readonly AuditEntry[],
  open: readonly FailureGroup[],
): Html {
  const { needs, nav } = view.texts;
  return page(
    view,
    'needs',
    nav.needs,
    html`${groups.length + open.length === 0 ? alert('success', needs.nothing) : ''}
      ${groups.map((group) => groupCard(view, group, notes, `/needs/${encodeURIComponent(group.code)}`))}
      ${open.map((group) => groupCard(view, group, notes, `/differences/open?code=${encodeURIComponent(group.code)}`))}
      <section>
        <h2 class="ds-heading" data-size="xs">${needs.last}</h2>
        ${auditTable(view, last)}
      </section>`,
  );
}

function groupCard(
  view: View,
  { code, records, oldest, beingReplayed }: FailureGroup,
  notes: readonly Note[],
  to: string,
): Html {
  const { needs } = view.texts;
  const { meaning, action } = explained(view, code);
  return html`<section class="ds-card group">
    <h2 class="ds-heading" data-size="2xs">${meaning}</h2>
    <p class="ds-paragraph">
      <b>${needs.count(records)}</b>,
      ${needs.oldest(when(oldest, view))}${beingReplayed > 0 ? `, ${needs.replaying(beingReplayed)}` : ''}
      <code>${shown(code)}</code>
    </p>
    <p class="ds-paragraph"><b>${needs.fix}:</b> ${action}</p>
    ${noteText(view, code, notes)}
    <p class="ds-paragraph">
      <a class="ds-button" data-variant="primary" href="${BASE}${to}">${needs.show(records)}</a>
      ${/^(?:match\.|create\.uncertain|link\.)/.test(code) ? html`<a class="ds-link" href="${BASE}/which">${view.texts.nav.which}</a>` : ''}
    </p>
  </section>`;
}

export function noteText({ texts, ...view }: View, code: string, notes: readonly Note[]): Html {
  const note = notes.find((each) => each.code === code);
  if (!note) return '';
  return html`<p class="ds-paragraph note">
    ${texts.needs.underWay(shown(note.by), when(note.at, { texts, ...view }))}: ${shown(note.text)}
  </p>`;
}
