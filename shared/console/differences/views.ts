import { html } from 'hono/html';
import { isFailureCode } from '../../failure.ts';
import { osloTime } from '../../oslo-time.ts';
import {
  RECONCILE_KINDS,
  recordText,
  type BothSides,
  type Difference,
  type Differences,
  type ReconcileKind,
  type Unfinished,
} from '../../sync/index.ts';
import {
  alert,
  BASE,
  button,
  explained,
  field,
  form,
  page,
  reasonField,
  recordLink,
  shown,
  table,
  type Html,
  type View,
} from '../views/page.ts';
import { paging } from '../views/paging.ts';
import { values } from '../views/record.ts';
import { chooseAll } from './all-view.ts';
import { fieldChoices, lineChoices } from './choices.ts';

/** Lines of one page: each has a choice for every field. */
export const MOST_LINES = 20;

/** Which of the lines are looked at. */
export interface Place {
  readonly kind: ReconcileKind;
  /** First line of the page, from 0. */
  readonly from: number;
}

/** What the last comparison found, kind by kind, and the forms that settle it. */
export function differencesView(
  view: View,
  last: Differences | null,
  place: Place,
  sides: BothSides | null = null,
  notice: Html = '',
): Html {
  const { differences: say } = view.texts;
  return page(
    view,
    'differences',
    say.title,
    html`${notice}
      <p class="ds-paragraph">${say.hint}</p>
      ${compare(view, last)} ${last === null ? '' : found(view, last, place, sides)}`,
  );
}

function compare(view: View, last: Differences | null): Html {
  const { differences: say } = view.texts;
  const isFirst = last === null || last.at === '';
  return html`${alert('info', isFirst ? say.never : say.last(osloTime(last.at), shown(last.by)))}
  ${last?.unfinished ? unfinished(view, last.unfinished) : ''}
  ${
    view.caller.role === 'operator'
      ? form(
          view,
          '/differences/run',
          html`<fieldset class="ds-fieldset ds-card">
            <legend>${say.run}</legend>
            <p class="ds-paragraph">${say.runHint}</p>
            ${reasonField(view)} ${button(say.run, isFirst ? 'primary' : 'secondary')}
          </fieldset>`,
        )
      : alert('info', view.texts.readOnly)
  }`;
}

/** What is shown is from before this one. */
function unfinished(view: View, { at, by, code }: Unfinished): Html {
  const { differences: say } = view.texts;
  const [since, who] = [osloTime(at), shown(by)];
  if (!isFailureCode(code)) return alert('warning', say.unfinished(since, who));
  const { meaning, action } = explained(view, code);
  return alert('warning', `${say.failed(since, who)} ${meaning} ${action}`);
}

function found(view: View, last: Differences, place: Place, sides: BothSides | null): Html {
  const { differences: say } = view.texts;
  if (last.at === '') return '';
  if (RECONCILE_KINDS.every((kind) => last.counts[kind] === 0)) return alert('success', say.agree);
  const all = last.lines.filter(({ kind }) => kind === place.kind);
  const lines = all.slice(place.from, place.from + MOST_LINES);
  const { name, hint } = say.kinds[place.kind];
  const count = last.counts[place.kind];
  return html`<nav aria-label="${say.title}">
      <ul class="ds-list">
        ${RECONCILE_KINDS.map(
          (kind) =>
            html`<li>
              <a
                class="ds-link"
                href="${BASE}/differences?kind=${kind}"
                ${kind === place.kind ? html`aria-current="true"` : ''}
                >${say.kinds[kind].name}</a
              >: ${say.count(last.counts[kind])}
            </li>`,
        )}
      </ul>
    </nav>
    <section>
      <h2 class="ds-heading" data-size="xs">${name}</h2>
      <p class="ds-paragraph">${hint}</p>
      ${count > all.length ? alert('info', say.capped(all.length, count)) : ''}
      ${
        lines.length === 0
          ? html`<p class="ds-paragraph">${say.nothingOfIt}</p>`
          : html`${place.kind === 'differs' ? askValues(view, '/differences/values', lines, placeFields(place)) : ''}
            ${sides === null ? '' : values(view, sides)} ${sheet(view, asShown(lines, sides), place)}
            ${paging(view, `/differences?kind=${place.kind}`, { from: place.from, size: MOST_LINES, count: all.length })}
            ${chooseAll(view, all, last.at)}`
      }
    </section>`;
}

const placeFields = ({ kind, from }: Place): Html =>
  html`<input type="hidden" name="kind" value="${kind}" /><input type="hidden" name="from" value="${from}" />`;

/** Values come record by record, only with a reason. */
export function askValues(view: View, action: string, lines: readonly { readonly record: string }[], more: Html): Html {
  const { differences: say, record } = view.texts;
  const id = view.nextId();
  return form(
    view,
    action,
    html`<div class="row">
      ${more}
      <div class="ds-field">
        <label class="ds-label" for="${id}">${say.whose}</label>
        <select class="ds-input" id="${id}" name="record">
          ${lines.map((line) => html`<option value="${line.record}">${shown(line.record)}</option>`)}
        </select>
      </div>
      ${field(view, record.reason, { name: 'reason', hint: record.valuesHint, required: true })}
      ${button(record.show, 'secondary')}
    </div>`,
  );
}

function sheet(view: View, lines: readonly Difference[], place: Place): Html {
  const { differences: say, which, needs } = view.texts;
  const isOperator = view.caller.role === 'operator';
  const what = isOperator ? `${which.candidates}, ${say.choice.toLowerCase()}` : which.candidates;
  const rows = lines.map((line) => {
    const [, kind = '', crmId = ''] = /^(customer|contact):(.+)$/.exec(line.record) ?? [];
    return html`<tr>
      <td>${line.record === '' ? '–' : recordLink(kind, crmId)}</td>
      <td>
        <div class="settle">
          <div class="which">
            ${line.associateNos.length === 0 ? '' : line.associateNos.join(', ')}
            ${isOperator || line.fields.length === 0 ? '' : html`<br />${shown(line.fields.join(', '))}`}
          </div>
          ${isOperator ? html`${fieldChoices(view, line)} ${lineChoices(view, line)}` : ''}
        </div>
      </td>
    </tr>`;
  });
  const list = table(say.kinds[place.kind].name, [needs.records, what], rows);
  if (!isOperator) return list;
  return html`<form method="post" action="${BASE}/differences">
    <input type="hidden" name="token" value="${view.token}" />${placeFields(place)} ${list} ${reasonField(view)}
    ${button(say.submit)}
  </form>`;
}

/** Lines with the marks of what is shown of them now. */
const asShown = (lines: readonly Difference[], sides: BothSides | null): readonly Difference[] =>
  sides === null
    ? lines
    : lines.map((line) =>
        line.kind === 'differs' && line.record === recordText(sides.ref)
          ? { ...line, marks: { ...line.marks, ...sides.marks } }
          : line,
      );
