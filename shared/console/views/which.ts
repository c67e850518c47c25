import { html } from 'hono/html';
import type { BothSides, FailedRecord } from '../../sync/index.ts';
import { hasChoices, valueChoices } from './kept.ts';
import { lines } from './record.ts';
import { alert, BASE, button, page, reasonField, recordLink, shown, table, type Html, type View } from './page.ts';
import { valuesForm } from './values-form.ts';

/** Codes of failures that a person settles by saying which row it is. */
export const SETTLED_BY_CHOICE: readonly string[] = [
  'match.ambiguous',
  'match.possible',
  'match.conflict',
  'match.already-linked',
  'link.not-found',
  'link.gone',
  'create.uncertain',
];

/** Records of one table: settling each takes a few requests, and all of them must fit into one answer. */
export const MOST_CHOICES = 30;

/** The records that wait for it, each with its candidates and a choice; with their values once somebody said why. */
export function whichView(
  view: View,
  records: readonly FailedRecord[],
  sides: ReadonlyMap<string, BothSides> | null,
  notice: Html = '',
): Html {
  const { which, nav, readOnly } = view.texts;
  const isOperator = view.caller.role === 'operator';
  const rows = records.slice(0, MOST_CHOICES);
  return page(
    view,
    'which',
    nav.which,
    html`${notice}
    ${
      rows.length === 0
        ? alert('success', which.nothing)
        : html`<p class="ds-paragraph">${which.hint}</p>
            ${isOperator ? '' : alert('info', readOnly)}
            ${sides === null && isOperator ? valuesForm(view, '/which/values', rows.map(nameOf), which.show) : ''}
            <form method="post" action="${BASE}/which">
              <input type="hidden" name="token" value="${view.token}" />
              ${table(
                nav.which,
                [which.record, `${which.candidates}, ${which.choice.toLowerCase()}`],
                rows.map((row) => choiceRow(view, row, sides)),
              )}
              ${isOperator ? html`${reasonField(view)} ${button(which.submit)}` : ''}
            </form>`
    }`,
  );
}

const nameOf = ({ ref }: FailedRecord): string => `${ref.kind}:${ref.crmId}`;

function choiceRow(view: View, row: FailedRecord, sides: ReadonlyMap<string, BothSides> | null): Html {
  const { which } = view.texts;
  const name = nameOf(row);
  const isOperator = view.caller.role === 'operator';
  const option = (value: string, label: string, isChosen = false): Html =>
    html`<label
      ><input type="radio" name="choice:${name}" value="${value}" ${isChosen ? html`checked` : ''} /> ${label}</label
    >`;
  return html`<tr>
    <td>${recordLink(row.ref.kind, row.ref.crmId)}<br /><code>${shown(row.code)}</code></td>
    <td>
      <div class="settle">
        ${candidates(view, row, sides?.get(name))}
        ${
          isOperator
            ? html`<fieldset class="choices">
                <legend class="ds-sr-only">${which.choice}: ${shown(name)}</legend>
                ${row.candidates.map((associateNo) => {
                  const both = sides?.get(name);
                  return both && hasChoices(both, associateNo)
                    ? html`${option(String(associateNo), which.linkChosen(associateNo))}
                      ${valueChoices(view, both, associateNo)}`
                    : html`${option(String(associateNo), which.linkTo(associateNo))}
                      ${option(`${associateNo}:erp`, which.linkKeeping(associateNo))}`;
                })}
                ${option('create', which.none)} ${option('', which.later, true)}
              </fieldset>`
            : ''
        }
      </div>
    </td>
  </tr>`;
}

function candidates({ texts: { which, record } }: View, row: FailedRecord, sides: BothSides | undefined): Html {
  if (!sides) return html`<p class="numbers">${row.candidates.join(', ')}</p>`;
  return html`<dl class="sides">
    <div>
      <dt>CRM</dt>
      <dd>
        ${
          sides.crm === null
            ? record.notKept
            : lines(
                sides.fields
                  .map((name) => sides.crm?.[name] ?? '')
                  .filter((text) => text !== '')
                  .join('\n'),
              )
        }
      </dd>
    </div>
    ${sides.erp.map(
      ({ associateNo, customerNo, holder, values, differs }) =>
        html`<div>
          <dt>
            ${associateNo}${customerNo === 0 ? '' : ` / ${customerNo}`}${holder === '' ? '' : html` <small>${which.linkedTo(shown(holder))}</small>`}
          </dt>
          <dd>
            ${sides.fields
              .filter((name) => (values[name] ?? '') !== '')
              .map(
                (name) =>
                  html`<span class="value"
                    >${lines(values[name])}${differs.includes(name) ? html` <small class="warn">${which.overwritten}</small>` : ''}</span
                  >`,
              )}
          </dd>
        </div>`,
    )}
  </dl>`;
}
