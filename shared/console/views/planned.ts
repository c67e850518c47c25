import { html } from 'hono/html';
import { isFailureCode } from '../../failure.ts';
import { osloTime } from '../../oslo-time.ts';
import { MOST_PLANS, recordText, type PlannedList, type RecordPlan } from '../../sync/index.ts';
import {
  alert,
  BASE,
  button,
  explained,
  form,
  page,
  reasonField,
  recordLink,
  shown,
  table,
  type Html,
  type View,
} from './page.ts';
import { paging } from './paging.ts';
import { valuesForm } from './values-form.ts';

/** The records of one page, from this one on. */
export const onPage = ({ items }: PlannedList, from: number): PlannedList['items'] =>
  items.slice(from, from + MOST_PLANS);

/** What plan mode decided, what would come of it where somebody asked, and the button that has the chosen ones written. */
export function plannedView(
  view: View,
  list: PlannedList,
  from: number,
  plans: readonly RecordPlan[] | null,
  notice: Html = '',
): Html {
  const { planned: say } = view.texts;
  const body =
    list.items.length === 0
      ? html`${notice} ${alert('info', say.nothing)}`
      : html`${notice}
          <p class="ds-paragraph">${say.hint}</p>
          ${plans === null ? ask(from, say.show) : askValues(view, list, from)} ${sheet(view, list, from, plans)}`;
  return page(view, 'planned', say.title, body);
}

const ask = (from: number, label: string): Html =>
  html`<p class="ds-paragraph">
    <a class="ds-button" data-variant="primary" href="${BASE}/planned?from=${from}&amp;plans=yes">${label}</a>
  </p>`;

function askValues(view: View, list: PlannedList, from: number): Html {
  const records = onPage(list, from).map(({ ref }) => recordText(ref));
  const first = html`<input type="hidden" name="from" value="${from}" />`;
  return valuesForm(view, '/planned/values', records, view.texts.record.show, first);
}

function sheet(view: View, list: PlannedList, from: number, plans: readonly RecordPlan[] | null): Html {
  const { planned: say, needs } = view.texts;
  const isOperator = view.caller.role === 'operator';
  const byName = new Map(plans?.map((plan) => [recordText(plan.ref), plan]));
  const row = ({ ref, since }: PlannedList['items'][number]): Html => {
    const name = recordText(ref);
    const plan = byName.get(name);
    return html`<tr>
      ${isOperator ? html`<td><input type="checkbox" name="record" value="${name}" aria-label="${shown(name)}" /></td>` : ''}
      <td>
        <div class="settle">
          <div class="which">${recordLink(ref.kind, ref.crmId)}<br /><small>${osloTime(since)}</small></div>
          ${plan ? html`<div class="plan">${what(view, plan)}</div>` : ''}
        </div>
      </td>
    </tr>`;
  };
  const headings = [
    ...(isOperator ? [say.choose] : []),
    plans === null
      ? `${needs.records}, ${needs.since.toLowerCase()}`
      : `${needs.records}, ${say.what[0]?.toLowerCase()}${say.what.slice(1)}`,
  ];
  const chosen = html`${table(say.title, headings, onPage(list, from).map(row))}
  ${paging(view, `/planned?${plans === null ? '' : 'plans=yes'}`, { from, size: MOST_PLANS, count: list.items.length })}`;
  if (!isOperator) return chosen;
  return form(
    view,
    '/planned',
    html`<input type="hidden" name="etag" value="${list.etag}" />${chosen}
      <p class="check">
        <label><input type="checkbox" name="all" value="yes" /> ${say.all}</label>
      </p>
      ${reasonField(view)} ${button(say.apply)}`,
  );
}

const COLORS = { refused: 'danger', unknown: 'warning', wait: 'warning', delete: 'danger', clear: 'danger' } as const;

function what(view: View, { plan, why, associateNos, changes }: RecordPlan): Html {
  const { planned: say, needs } = view.texts;
  const color = Object.entries(COLORS).find(([name]) => name === plan)?.[1] ?? 'info';
  return html`<span class="ds-tag" data-color="${color}">${say.plans[plan]}</span>
    ${associateNos.length === 0 ? '' : html`<small>${needs.rows}: ${associateNos.join(', ')}</small>`}
    ${isFailureCode(why) ? html`<p class="ds-paragraph">${explained(view, why).meaning}</p>` : ''}
    ${why === '' ? '' : html`<code>${shown(why)}</code>`}
    <dl class="facts">
      ${changes.map(
        ({ field: name, column, from, to }) =>
          html`<div>
            <dt>${name}${name === column ? '' : html` <small>${column}</small>`}</dt>
            <dd>${shown(from || '–')} → ${shown(to || '–')}</dd>
          </div>`,
      )}
    </dl>`;
}
