import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import type { FailedRecord, FailureList, Note } from '../../sync/index.ts';
import { noteText } from './needs.ts';
import { paging } from './paging.ts';
import {
  alert,
  BASE,
  button,
  explained,
  field,
  form,
  page,
  recordLink,
  shown,
  table,
  type Html,
  type View,
} from './page.ts';

/** Rows of one page, so that thousands of failures are pages of a size that a phone takes. */
export const PAGE_SIZE = 100;
export interface GroupData {
  readonly code: string;
  readonly list: FailureList;
  readonly notes: readonly Note[];
  /** First record of the page, from 0. */
  readonly from: number;
  readonly olderThanHours: string;
}

/** One cause: its records, and what can be done with all of them. */
export function groupView(view: View, data: GroupData, notice: Html = ''): Html {
  const { needs } = view.texts;
  const { code, list, notes, from } = data;
  const { meaning, action } = explained(view, code);
  const rows = list.records.slice(from, from + PAGE_SIZE);
  return page(
    view,
    'needs',
    meaning,
    html`${notice}
      <p class="ds-paragraph"><b>${needs.fix}:</b> ${action} <code>${shown(code)}</code></p>
      ${noteText(view, code, notes)}
      <form method="get" action="${BASE}/needs/${encodeURIComponent(code)}" class="row">
        ${field(view, needs.older, { name: 'olderThanHours', type: 'number', value: data.olderThanHours })}
        ${button(view.texts.find.submit, 'secondary')}
      </form>
      ${list.records.length === 0 ? alert('success', needs.nothing) : recordsTable(view, rows)} ${pages(view, data)}
      ${list.records.length === 0 ? '' : acts(view, data)}`,
  );
}

function recordsTable(view: View, rows: readonly FailedRecord[]): Html {
  const { needs } = view.texts;
  return table(
    needs.records,
    [needs.records, needs.since, needs.rows, needs.where, needs.state],
    rows.map(
      ({ ref, since, candidates, pointers, detail, replayedAt, payloadExpired }) =>
        html`<tr>
          <td>${recordLink(ref.kind, ref.crmId)}</td>
          <td>${osloTime(since)}</td>
          <td>${candidates.join(' ')}</td>
          <td>${shown([...pointers, detail].filter((text) => text !== '').join(' '))}</td>
          <td>${replayedAt !== '' ? needs.beingReplayed : payloadExpired ? needs.expired : ''}</td>
        </tr>`,
    ),
  );
}

function pages(view: View, { code, list, from, olderThanHours }: GroupData): Html {
  const all = `/needs/${encodeURIComponent(code)}?olderThanHours=${encodeURIComponent(olderThanHours)}`;
  return paging(view, all, { from, size: PAGE_SIZE, count: list.records.length });
}

/** The selection that a form was made for, and its mark. */
export const selected = ({ code, list, olderThanHours }: GroupData): Html =>
  html`<input type="hidden" name="code" value="${code}" /><input type="hidden" name="etag" value="${list.etag}" /><input
      type="hidden"
      name="olderThanHours"
      value="${olderThanHours}"
    />`;

function acts(view: View, data: GroupData): Html {
  const { needs } = view.texts;
  if (view.caller.role !== 'operator') return alert('info', view.texts.readOnly);
  const canRelease = data.code === 'deletes.held' || data.code === 'link.gone';
  return html`<div class="acts">
    ${form(
      view,
      '/replay',
      html`<fieldset class="ds-fieldset ds-card">
        <legend>${needs.replay}</legend>
        <p class="ds-paragraph">${needs.replayHint}</p>
        ${
          canRelease
            ? html`<p class="check">
                <label><input type="checkbox" name="release" value="yes" /> ${needs.release}</label>
              </p>`
            : ''
        }
        ${selected(data)} ${button(needs.try)}
      </fieldset>`,
    )}
    ${form(
      view,
      '/discard',
      html`<fieldset class="ds-fieldset ds-card">
        <legend>${needs.discard}</legend>
        <p class="ds-paragraph">${needs.discardHint}</p>
        ${selected(data)} ${button(needs.try, 'secondary', 'danger')}
      </fieldset>`,
    )}
    ${form(
      view,
      '/note',
      html`<fieldset class="ds-fieldset ds-card">
        <legend>${needs.note}</legend>
        <input type="hidden" name="code" value="${data.code}" />
        ${field(view, needs.note, { name: 'text', hint: needs.noteHint })} ${button(needs.saveNote, 'secondary')}
      </fieldset>`,
    )}
  </div>`;
}
