import { html } from 'hono/html';
import { FAILURES } from '../../failure.ts';
import type { AuditEntry } from '../../audit/index.ts';
import { osloTime } from '../../oslo-time.ts';
import type { RecordRef } from '../../record/index.ts';
import type { FailedRecord, FailureGroup, FailureList, Note, ReplayAnswer } from '../../sync/index.ts';
import { auditTable } from './audit.ts';
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
  when,
  type Html,
  type View,
} from './page.ts';

/** Rows of one page, so that thousands of failures are pages of a size that a phone takes. */
export const PAGE_SIZE = 100;
/** Records a second of a replay from the page: the pace that the estimate rests on. */
export const PER_SECOND = 50;

const OTHER_VERSION = {
  meaning: 'A code of another version of the program.',
  action: 'See that version’s docs/failures.md.',
};

const about = (view: View, code: string) =>
  explained(view, code, Object.entries(FAILURES).find(([name]) => name === code)?.[1] ?? OTHER_VERSION);

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
  const { meaning, action } = about(view, code);
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

function noteText({ texts, ...view }: View, code: string, notes: readonly Note[]): Html {
  const note = notes.find((each) => each.code === code);
  if (!note) return '';
  return html`<p class="ds-paragraph note">
    ${texts.needs.underWay(shown(note.by), when(note.at, { texts, ...view }))}: ${shown(note.text)}
  </p>`;
}

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
  const { meaning, action } = about(view, code);
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

function pages({ texts: { needs } }: View, { code, list, from, olderThanHours }: GroupData): Html {
  const count = list.records.length;
  if (count <= PAGE_SIZE) return '';
  const to = Math.min(count, from + PAGE_SIZE);
  const link = (start: number, label: string): Html =>
    html`<a
      class="ds-link"
      href="${BASE}/needs/${encodeURIComponent(code)}?from=${start}&olderThanHours=${olderThanHours}"
      >${label}</a
    >`;
  return html`<p class="ds-paragraph pages">
    ${needs.page(from + 1, to, count)} ${from > 0 ? link(Math.max(0, from - PAGE_SIZE), needs.previous) : ''}
    ${to < count ? link(to, needs.next) : ''}
  </p>`;
}

/** The selection that a form was made for, and its mark. */
const selected = ({ code, list, olderThanHours }: GroupData): Html =>
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

/** What a replay would do, and the button that does exactly that. */
export function confirmReplay(view: View, data: GroupData, answer: ReplayAnswer, release: boolean): Html {
  const { needs, age } = view.texts;
  const count = answer.results.filter(({ result }) => result === 'would-replay').length;
  return page(
    view,
    'needs',
    needs.replay,
    html`${alert('info', needs.would)}
      <p class="ds-paragraph">${needs.estimate(count, age((count / PER_SECOND) * 1000))}</p>
      ${outcomes(view, answer)}
      ${form(
        view,
        '/replay',
        html`${selected(data)}<input type="hidden" name="confirmed" value="yes" />${
            release ? html`<input type="hidden" name="release" value="yes" />` : ''
          }
          ${reasonField(view)} ${button(needs.confirm(count))}
          <a class="ds-link" href="${BASE}/needs/${encodeURIComponent(data.code)}">${view.texts.back}</a>`,
      )}`,
  );
}

export function confirmDiscard(view: View, data: GroupData, refs: readonly RecordRef[]): Html {
  const { needs } = view.texts;
  return page(
    view,
    'needs',
    needs.discard,
    html`${alert('warning', html`${needs.would} ${needs.discardHint}`)} ${recordList(view, refs)}
    ${form(
      view,
      '/discard',
      html`${selected(data)}<input type="hidden" name="confirmed" value="yes" /> ${reasonField(view, true)}
        ${button(needs.confirmDiscard(refs.length), 'primary', 'danger')}
        <a class="ds-link" href="${BASE}/needs/${encodeURIComponent(data.code)}">${view.texts.back}</a>`,
    )}`,
  );
}

export function doneView(view: View, code: string, body: Html, left = 0): Html {
  const { needs } = view.texts;
  return page(
    view,
    'needs',
    needs.done,
    html`${alert('success', needs.done)} ${body} ${left > 0 ? alert('info', needs.left(left)) : ''}
      <p class="ds-paragraph">
        <a class="ds-link" href="${BASE}/needs/${encodeURIComponent(code)}">${view.texts.back}</a>
      </p>`,
  );
}

/** How many of each result, and the first records with theirs. */
export function outcomes(view: View, { results }: ReplayAnswer): Html {
  const { needs } = view.texts;
  const counts = [...Map.groupBy(results, ({ result }) => result)];
  return html`<ul class="ds-list">
      ${counts.map(([result, each]) => html`<li>${needs.count(each.length)}: ${needs.results[result]}</li>`)}
    </ul>
    ${table(
      needs.records,
      [needs.records, needs.state],
      results.slice(0, PAGE_SIZE).map(
        ({ ref, result }) =>
          html`<tr>
            <td>${recordLink(ref.kind, ref.crmId)}</td>
            <td>${needs.results[result]}</td>
          </tr>`,
      ),
    )}`;
}

export function recordList({ texts: { needs } }: View, refs: readonly RecordRef[]): Html {
  return html`<p class="ds-paragraph">${needs.count(refs.length)}</p>
    <ul class="ds-list">
      ${refs.slice(0, PAGE_SIZE).map(({ kind, crmId }) => html`<li>${recordLink(kind, crmId)}</li>`)}
    </ul>`;
}
