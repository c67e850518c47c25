import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import {
  accessFacts,
  receiptText,
  REQUESTERS,
  type AccessAnswer,
  type PrivacyReport,
  type Receipt,
} from '../../rights/index.ts';
import {
  alert,
  BASE,
  button,
  field,
  form,
  page,
  reasonField,
  shown,
  table,
  type Html,
  type View,
} from '../views/page.ts';

/** The privacy view: what is held, what was asked, and the forms with which a request is answered. */
export function privacyView(view: View, report: PrivacyReport, receipts: readonly Receipt[], notice: Html = ''): Html {
  const { privacy } = view.texts;
  const lines = privacy.report(report, osloTime(report.oldestValueAt), osloTime(report.nextDeadline));
  return page(
    view,
    'privacy',
    privacy.title,
    html`${notice}
      <ul class="ds-list">
        ${lines.map((line) => html`<li>${line}</li>`)}
      </ul>
      ${heading(privacy.receipts)} ${receiptTable(view, receipts)}
      ${
        view.caller.role === 'operator'
          ? html`${heading(privacy.person)}
            ${form(
              view,
              '/privacy/person',
              html`${choice(view, privacy.by, 'by', Object.entries(privacy.ways))}
                ${field(view, privacy.value, { name: 'text', hint: privacy.valueHint, required: true })}
                ${field(view, privacy.customer, { name: 'customer', hint: privacy.customerHint })} ${caseFields(view)}
                <p class="ds-paragraph">
                  ${named(privacy.access, 'access')} ${named(privacy.erase, 'erase', 'secondary')} ${privacy.eraseHint}
                </p>`,
            )}
            ${heading(privacy.restriction)}
            ${form(
              view,
              '/privacy/record',
              html`${field(view, privacy.record, { name: 'record', hint: privacy.recordHint, required: true })}
                ${caseFields(view)}
                <p class="ds-paragraph">
                  ${named(privacy.restrict, 'restrict')} ${named(privacy.object, 'object', 'secondary')}
                  ${named(privacy.unrestrictApply, 'apply', 'secondary')}
                  ${named(privacy.unrestrictDrop, 'drop', 'secondary')} ${named(privacy.undo, 'undo', 'secondary')}
                </p>`,
            )}`
          : alert('info', view.texts.readOnly)
      }`,
  );
}

const heading = (text: string): Html => html`<h2 class="ds-heading" data-size="xs">${text}</h2>`;

/** A button that says which of the form's acts is meant. */
const named = (label: string, act: string, variant: 'primary' | 'secondary' = 'primary'): Html =>
  html`<button class="ds-button" type="submit" name="act" value="${act}" data-variant="${variant}" data-color="accent">
    ${label}
  </button>`;

function choice({ nextId }: View, label: string, name: string, options: readonly (readonly [string, string])[]): Html {
  const id = nextId();
  return html`<div class="ds-field">
    <label class="ds-label" for="${id}">${label}</label>
    <select class="ds-input" id="${id}" name="${name}">
      ${options.map(([value, text]) => html`<option value="${value}">${text}</option>`)}
    </select>
  </div>`;
}

function caseFields(view: View): Html {
  const { privacy } = view.texts;
  const requesters = REQUESTERS.map((each) => [each, privacy.requesters[each]] as const);
  return html`${choice(view, privacy.requester, 'requester', requesters)}
  ${field(view, privacy.reference, { name: 'reference', hint: privacy.referenceHint })} ${reasonField(view)}`;
}

function receiptTable({ texts: { privacy } }: View, receipts: readonly Receipt[]): Html {
  if (receipts.length === 0) return html`<p class="ds-paragraph">${privacy.noReceipts}</p>`;
  return table(
    privacy.receipts,
    [privacy.receipt, '', privacy.record, privacy.asked, privacy.deadline, privacy.finished],
    receipts.map(
      ({ id, right, records, at, deadline, endedAt }) =>
        html`<tr>
          <td><a class="ds-link" href="${BASE}/privacy/receipt/${id}">${id}</a></td>
          <td>${privacy.rights[right]}</td>
          <td>${records.map(shown).join(', ')}</td>
          <td>${osloTime(at)}</td>
          <td>${osloTime(deadline)}</td>
          <td>${endedAt === '' ? privacy.underWay : osloTime(endedAt)}</td>
        </tr>`,
    ),
  );
}

/** One receipt as an answer to print, and what is left to do about it. */
export function receiptView(view: View, receipt: Receipt): Html {
  const { privacy } = view.texts;
  const isOpen = receipt.endedAt === '';
  const text = receiptText(receipt, view.texts.language === 'nb' ? 'nb' : 'en');
  return page(
    view,
    'privacy',
    `${privacy.receipt} ${receipt.id}`,
    html`<pre class="receipt">${shownLines(text)}</pre>
      ${
        isOpen && receipt.right === 'erasure'
          ? form(view, `/privacy/receipt/${receipt.id}/finish`, button(privacy.finish))
          : ''
      }
      ${
        isOpen && receipt.right === 'objection'
          ? form(
              view,
              `/privacy/receipt/${receipt.id}/decide`,
              html`${reasonField(view)} ${named(privacy.grant, 'granted')}
              ${named(privacy.reject, 'rejected', 'secondary')}`,
            )
          : ''
      }`,
  );
}

const shownLines = (text: string): string => text.split('\n').map(shown).join('\n');

/** Whom an erasure would concern, with what was typed in hidden fields: nothing was done yet. */
export function confirmErasure(
  view: View,
  found: { readonly records: number; readonly rows: number },
  typed: Readonly<Record<string, string>>,
): Html {
  const { privacy } = view.texts;
  return page(
    view,
    'privacy',
    privacy.erase,
    html`${alert('warning', found.records + found.rows === 0 ? privacy.foundNobody : privacy.found(found.records, found.rows))}
    ${form(
      view,
      '/privacy/person',
      html`${Object.entries(typed).map(
          ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
        )} <input type="hidden" name="act" value="erase" /><input type="hidden" name="confirmed" value="yes" />
        ${button(privacy.eraseConfirm, 'primary', 'danger')}`,
    )}`,
  );
}

/** The person's copy: shown once, never stored. */
export function accessView(view: View, answer: AccessAnswer, receipt: Receipt): Html {
  const { privacy } = view.texts;
  return page(
    view,
    'privacy',
    privacy.copy,
    html`${alert('info', `${privacy.copyHint} ${privacy.receipt}: ${receipt.id}.`)}
    ${accessFacts(answer, view.texts.language === 'nb' ? 'nb' : 'en')}`,
  );
}
