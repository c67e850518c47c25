import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import type { Planned } from '../../sync/index.ts';
import { PAGE_SIZE } from './needs.ts';
import { alert, BASE, page, recordLink, table, type Html, type View } from './page.ts';

export function plannedView(view: View, planned: readonly Planned[], from: number): Html {
  const { planned: say, needs } = view.texts;
  const to = Math.min(planned.length, from + PAGE_SIZE);
  const link = (start: number, label: string): Html =>
    html`<a class="ds-link" href="${BASE}/planned?from=${start}">${label}</a>`;
  return page(
    view,
    'planned',
    say.title,
    planned.length === 0
      ? alert('info', say.nothing)
      : html`<p class="ds-paragraph">${say.hint}</p>
          ${table(
            say.title,
            [needs.records, needs.since],
            planned.slice(from, to).map(
              ({ ref, since }) =>
                html`<tr>
                  <td>${recordLink(ref.kind, ref.crmId)}</td>
                  <td>${osloTime(since)}</td>
                </tr>`,
            ),
          )}
          <p class="ds-paragraph pages">
            ${needs.page(from + 1, to, planned.length)}
            ${from > 0 ? link(Math.max(0, from - PAGE_SIZE), needs.previous) : ''}
            ${to < planned.length ? link(to, needs.next) : ''}
          </p>`,
  );
}
