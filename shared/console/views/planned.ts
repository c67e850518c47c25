import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import type { PlannedList } from '../../sync/index.ts';
import { PAGE_SIZE } from './needs.ts';
import { alert, BASE, button, page, reasonField, recordLink, shown, table, type Html, type View } from './page.ts';

/** What plan mode decided, and the button that has the chosen ones written. */
export function plannedView(view: View, { items, etag }: PlannedList, from: number, notice: Html = ''): Html {
  const { planned: say, needs } = view.texts;
  const isOperator = view.caller.role === 'operator';
  const to = Math.min(items.length, from + PAGE_SIZE);
  const link = (start: number, label: string): Html =>
    html`<a class="ds-link" href="${BASE}/planned?from=${start}">${label}</a>`;
  const row = ({ ref, since }: PlannedList['items'][number]): Html => {
    const name = shown(`${ref.kind}:${ref.crmId}`);
    return html`<tr>
      ${isOperator ? html`<td><input type="checkbox" name="record" value="${name}" aria-label="${name}" /></td>` : ''}
      <td>${recordLink(ref.kind, ref.crmId)}</td>
      <td>${osloTime(since)}</td>
    </tr>`;
  };
  const headings = [...(isOperator ? [say.apply] : []), needs.records, needs.since];
  return page(
    view,
    'planned',
    say.title,
    items.length === 0
      ? html`${notice} ${alert('info', say.nothing)}`
      : html`${notice}
          <p class="ds-paragraph">${say.hint}</p>
          <form method="post" action="${BASE}/planned">
            <input type="hidden" name="token" value="${view.token}" />
            <input type="hidden" name="etag" value="${etag}" />
            ${table(say.title, headings, items.slice(from, to).map(row))}
            <p class="ds-paragraph pages">
              ${needs.page(from + 1, to, items.length)}
              ${from > 0 ? link(Math.max(0, from - PAGE_SIZE), needs.previous) : ''}
              ${to < items.length ? link(to, needs.next) : ''}
            </p>
            ${
              isOperator
                ? html`<p class="check">
                      <label><input type="checkbox" name="all" value="yes" /> ${say.all}</label>
                    </p>
                    ${reasonField(view)} ${button(say.apply)}`
                : ''
            }
          </form>`,
  );
}
