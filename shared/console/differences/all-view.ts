import { html } from 'hono/html';
import type { Difference, ManySettled } from '../../sync/index.ts';
import { alert, BASE, button, explained, form, page, reasonField, shown, type Html, type View } from '../views/page.ts';

/** What is asked for of many lines at once, as the form says it. */
export interface AllAsked {
  readonly kind: Difference['kind'];
  /** `''`: every field. */
  readonly field: string;
  readonly use: 'crm' | 'erp' | 'ignore';
  readonly comparedAt: string;
}

/** The form under a list: the same for all of the kind. First it only says what it would do. */
export function chooseAll(view: View, lines: readonly Difference[], comparedAt: string): Html {
  const { differences: say } = view.texts;
  const [line, ...others] = lines;
  if (!line || (others.length === 0 && line.fields.length < 2)) return '';
  const fields = [...new Set(lines.flatMap((each) => each.fields))].sort();
  const uses = line.kind === 'differs' ? (['crm', 'erp', 'ignore'] as const) : (['ignore'] as const);
  return form(
    view,
    '/differences/all',
    html`<fieldset class="ds-fieldset ds-card">
      <legend>${say.all}</legend>
      <p class="ds-paragraph">${say.allHint}</p>
      <input type="hidden" name="kind" value="${line.kind}" />
      <input type="hidden" name="comparedAt" value="${comparedAt}" />
      <div class="row">
        ${fields.length === 0 ? '' : select(view, view.texts.record.field, 'field', [['', say.everyField], ...fields.map((name) => [name, name] as const)])}
        ${select(
          view,
          say.choice,
          'use',
          uses.map((use) => [use, useText(view, use, line.kind)]),
        )}
        ${button(view.texts.needs.try, 'secondary')}
      </div>
    </fieldset>`,
  );
}

function select(view: View, label: string, name: string, options: readonly (readonly [string, string])[]): Html {
  const id = view.nextId();
  return html`<div class="ds-field">
    <label class="ds-label" for="${id}">${label}</label>
    <select class="ds-input" id="${id}" name="${name}">
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>
  </div>`;
}

const useText = ({ texts: { differences: say } }: View, use: AllAsked['use'], kind: AllAsked['kind']): string => {
  if (use === 'crm') return say.useCrm;
  if (use === 'erp') return say.useErp;
  return kind === 'differs' ? say.ignore : say.letBe;
};

/** What it would do, and the button that does it. */
export function confirmAll(view: View, asked: AllAsked, planned: ManySettled): Html {
  const { differences: say, needs } = view.texts;
  const { kind, field, use, comparedAt } = asked;
  const can = planned.results.filter(({ result }) => result === 'would-settle').length;
  const hidden = Object.entries({ kind, field, use, comparedAt, confirmed: 'yes' });
  return page(
    view,
    'differences',
    say.all,
    html`${alert('info', needs.would)}
      <p class="ds-paragraph">
        <b>${say.count(can)}</b>: ${say.kinds[kind].name}${field === '' ? '' : html`, ${shown(field)}`},
        ${useText(view, use, kind)}.
      </p>
      ${use === 'ignore' ? '' : html`<p class="ds-paragraph">${say.perHour(planned.perHour)}</p>`}
      ${counted(view, planned)} ${planned.left > 0 ? alert('warning', say.staysListed(planned.left)) : ''}
      ${
        can === 0
          ? ''
          : form(
              view,
              '/differences/all',
              html`${hidden.map(([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`)}
              ${reasonField(view, use === 'ignore')} ${button(say.settleAll(can))}`,
            )
      }
      <p class="ds-paragraph"><a class="ds-link" href="${BASE}/differences?kind=${kind}">${view.texts.back}</a></p>`,
  );
}

/** What became of them. */
export function allDone(view: View, { results, left, stoppedBy, perHour }: ManySettled): Html {
  const { differences: say } = view.texts;
  const done = results.filter(({ result }) => result in say.fields).length;
  const known = stoppedBy === null || stoppedBy === 'hour' ? null : explained(view, stoppedBy);
  return html`${alert('success', say.settled(done))} ${counted(view, { results })}
  ${left > 0 ? alert('warning', say.staysListed(left)) : ''}
  ${stoppedBy === 'hour' ? alert('info', say.perHour(perHour)) : ''}
  ${known ? alert('danger', `${known.meaning} ${known.action}`) : ''}`;
}

/** How many of each outcome; of what was refused why. */
function counted(view: View, { results }: Pick<ManySettled, 'results'>): Html {
  const { differences: say } = view.texts;
  const groups = [...Map.groupBy(results, ({ result }) => result)].filter(([result]) => result !== 'would-settle');
  if (groups.length === 0) return '';
  const text = (result: (typeof results)[number]['result']): string => {
    if (result === 'sent' || result === 'when-sent' || result === 'ignored') return say.fields[result];
    return result === 'would-settle' ? '' : explained(view, result).meaning;
  };
  return html`<ul class="ds-list">
    ${groups.map(([result, each]) => html`<li>${say.count(each.length)}: ${text(result)}</li>`)}
  </ul>`;
}
