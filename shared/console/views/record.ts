import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import type { BothSides, RecordLife } from '../../sync/index.ts';
import { hasChoices, valueChoices } from './kept.ts';
import {
  alert,
  BASE,
  button,
  explained,
  field,
  form,
  page,
  reasonField,
  shown,
  table,
  type Html,
  type View,
} from './page.ts';

/** One record: where it stands, what happened to it, its row, and what can be done. */
export function recordView(view: View, life: RecordLife, sides: BothSides | null, notice: Html = ''): Html {
  const { record } = view.texts;
  const { ref, stands, pending, owed, stuckBehindVersion } = life;
  const name = `${ref.kind}:${ref.crmId}`;
  const color =
    stands === 'in-sync' ? 'success' : stands === 'needs-a-person' || stands === 'never-seen' ? 'warning' : 'info';
  return page(
    view,
    'find',
    record.title(shown(name)),
    html`${notice} ${alert(color, record.stands[stands])} ${failure(view, life)}
    ${pending?.expired ? alert('warning', record.expired) : ''}
    ${owed.includes('writeback') ? alert('info', record.numbersOwed) : ''}
    ${stuckBehindVersion === null ? '' : alert('warning', record.stuck(stuckBehindVersion))}
    ${stands === 'never-seen' ? '' : html`${link(view, life)} ${timeline(view, life)} ${sides ? values(view, sides) : ask(view, life)}`}
    ${stands === 'never-seen' ? '' : acts(view, life, sides)}`,
  );
}

function failure(view: View, { failure: failed }: RecordLife): Html {
  if (!failed) return '';
  const { meaning, action } = explained(view, failed.code);
  const { needs } = view.texts;
  return html`<section class="ds-card">
    <p class="ds-paragraph">${meaning} <code>${shown(failed.code)}</code> ${shown(failed.detail)}</p>
    <p class="ds-paragraph"><b>${needs.fix}:</b> ${action}</p>
    ${failed.pointers.length > 0 ? html`<p class="ds-paragraph">${needs.where}: ${shown(failed.pointers.join(', '))}</p>` : ''}
    ${failed.candidates.length > 0 ? html`<p class="ds-paragraph">${needs.rows}: ${failed.candidates.join(', ')}</p>` : ''}
  </section>`;
}

function link({ texts: { record } }: View, life: RecordLife): Html {
  const row = (name: string, value: string | number | null): Html =>
    value === null
      ? ''
      : html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`;
  return html`<section>
    <h2 class="ds-heading" data-size="xs">${record.link}</h2>
    ${
      life.link === null
        ? html`<p class="ds-paragraph">${record.noLink}</p>`
        : html`<dl class="facts">
            ${row(record.actorNumber, life.link.associateNo)} ${row(record.customerNumber, life.link.customerNo)}
            ${row(record.contactOf, life.link.parentNo)} ${life.link.createdHere ? row(record.createdHere, '✓') : ''}
          </dl>`
    }
  </section>`;
}

function timeline({ texts: { record } }: View, { timeline: events }: RecordLife): Html {
  if (events.length === 0) return '';
  return html`<section>
    <h2 class="ds-heading" data-size="xs">${record.timeline}</h2>
    <ol class="timeline">
      ${events.map(
        ({ at, what, detail }) =>
          html`<li>
            <time datetime="${at}">${osloTime(at)}</time> ${record.events[what]}
            <span class="detail">${shown(detail)}</span>
          </li>`,
      )}
    </ol>
  </section>`;
}

/** Values come only when asked for, with a reason. */
function ask(view: View, { ref }: RecordLife): Html {
  const { record } = view.texts;
  return form(
    view,
    `/record/${ref.kind}/${encodeURIComponent(ref.crmId)}/values`,
    html`<fieldset class="ds-fieldset ds-card">
      <legend>${record.values}</legend>
      <p class="ds-paragraph">${record.valuesHint}</p>
      ${field(view, record.reason, { name: 'reason', required: true })} ${button(record.show, 'secondary')}
    </fieldset>`,
  );
}

/** Side by side, field by field. */
export function values({ texts: { record } }: View, { fields, crm, erp }: BothSides): Html {
  const headings = [record.field, record.inCrm, ...erp.map(({ associateNo }) => `${record.inErp} ${associateNo}`)];
  return html`<section>
    <h2 class="ds-heading" data-size="xs">${record.values}</h2>
    ${table(
      record.values,
      headings,
      fields.map(
        (name) =>
          html`<tr>
            <th scope="row">${name}</th>
            <td>${crm === null ? record.notKept : lines(crm[name])}</td>
            ${erp.map(
              (row) =>
                html`<td>
                  ${lines(row.values[name])}
                  ${row.differs.includes(name) ? html`<span class="ds-tag" data-color="warning">${record.differs}</span>` : ''}
                </td>`,
            )}
          </tr>`,
      ),
    )}
  </section>`;
}

export const lines = (text = ''): Html =>
  html`${text.split('\n').map((part, at) => html`${at > 0 ? html`<br />` : ''}${shown(part)}`)}`;

function acts(view: View, { ref, link: linked, stands, failure: failed }: RecordLife, sides: BothSides | null): Html {
  const { record, needs, readOnly } = view.texts;
  if (view.caller.role !== 'operator') return alert('info', readOnly);
  const to = `/record/${ref.kind}/${encodeURIComponent(ref.crmId)}`;
  const act = (
    path: string,
    label: string,
    hint: string,
    body: Html,
    variant: 'primary' | 'secondary' = 'secondary',
  ): Html =>
    form(
      view,
      `${to}/${path}`,
      html`<fieldset class="ds-fieldset ds-card">
        <legend>${label}</legend>
        <p class="ds-paragraph">${hint}</p>
        ${body} ${button(label, variant)}
      </fieldset>`,
    );
  return html`<div class="acts">
      ${failed ? act('replay', needs.replay, needs.replayHint, reasonField(view), 'primary') : ''}
      ${stands === 'waiting' ? act('free', record.free, record.events['next-try'], '') : ''}
      ${act(
        'link',
        record.linkButton,
        record.linkHint,
        html`${field(view, record.linkTo, {
          name: 'associateNo',
          type: 'number',
          required: true,
          value: String(failed?.candidates[0] ?? ''),
        })}
        ${
          sides && hasChoices(sides)
            ? valueChoices(view, sides)
            : html`<p class="check">
                <label><input type="checkbox" name="winner" value="erp" /> ${record.keepErp}</label>
              </p>`
        }
        ${reasonField(view)}`,
      )}
      ${failed && linked === null ? act('create', record.create, record.createHint, reasonField(view)) : ''}
      ${linked ? act('unlink', record.unlink, record.unlinkHint, reasonField(view)) : ''}
    </div>
    <p class="ds-paragraph"><a class="ds-link" href="${BASE}/find">${view.texts.back}</a></p>`;
}
