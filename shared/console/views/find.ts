import { html } from 'hono/html';
import type { Found } from '../../sync/index.ts';
import { alert, BASE, button, field, page, recordLink, shown, table, type Html, type View } from './page.ts';

/** What is typed may be a name: it goes in the body, never in an address, and is not shown again. */
export function findView(view: View, found: Found | null): Html {
  const { find } = view.texts;
  return page(
    view,
    'find',
    find.title,
    html`<form method="post" action="${BASE}/find" class="row">
        <input type="hidden" name="token" value="${view.token}" />
        ${field(view, find.label, { name: 'query', hint: find.hint, required: true })} ${button(find.submit)}
      </form>
      ${found === null ? '' : results(view, found)}`,
  );
}

function results(view: View, { records, rows, erpAway }: Found): Html {
  const { find, record } = view.texts;
  return html`${erpAway ? alert('warning', find.erpAway) : ''}
  ${records.length === 0 && rows.length === 0 ? alert('info', find.nothing) : ''}
  ${
    records.length === 0
      ? ''
      : html`<h2 class="ds-heading" data-size="xs">${find.known}</h2>
          <ul class="ds-list">
            ${records.map(({ ref, stands }) => html`<li>${recordLink(ref.kind, ref.crmId)}: ${record.stands[stands]}</li>`)}
          </ul>`
  }
  ${
    rows.length === 0
      ? ''
      : html`<h2 class="ds-heading" data-size="xs">${find.inErp}</h2>
          ${table(
            find.inErp,
            [record.actorNumber, record.customerNumber, '', find.known],
            rows.map(({ associateNo, customerNo, name, place, contactFor, holder }) => {
              const [kind = '', crmId = ''] = holder.split(/:(.*)/s);
              return html`<tr>
                <td>${associateNo}</td>
                <td>${customerNo === 0 ? '–' : customerNo}</td>
                <td>${name === '' ? (contactFor === 0 ? '•••' : find.person) : shown(`${name}, ${place}`)}</td>
                <td>${holder === '' ? find.unlinked : recordLink(kind, crmId)}</td>
              </tr>`;
            }),
          )}`
  }`;
}
