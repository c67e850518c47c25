import { html } from 'hono/html';
import type { RecordRef } from '../../record/index.ts';
import type { ReplayAnswer } from '../../sync/index.ts';
import { PAGE_SIZE, selected, type GroupData } from './group.ts';
import { alert, BASE, button, form, page, reasonField, recordLink, table, type Html, type View } from './page.ts';

/** Records a second of a replay from the page: the pace that the estimate rests on. */
export const PER_SECOND = 50;

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
