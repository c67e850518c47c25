import { html } from 'hono/html';
import type { Difference } from '../../sync/index.ts';
import { field, shown, type Html, type View } from '../views/page.ts';

/** The CRM's value, the ERP's, let it be, or leave it open: a choice for each field that differs, and what was seen of it. */
export function fieldChoices(
  view: View,
  { record, fields, marks }: Pick<Difference, 'record' | 'fields' | 'marks'>,
): Html {
  const { differences: say } = view.texts;
  const option = (name: string, value: string, label: string): Html =>
    html`<label
      ><input type="radio" name="field:${record}:${name}" value="${value}" ${value === '' ? html`checked` : ''} />
      ${label}</label
    >`;
  return html`${fields.map(
    (name) =>
      html`<fieldset class="choices">
        <legend>${shown(name)}<span class="ds-sr-only"> ${shown(record)}</span></legend>
        <input type="hidden" name="mark:${record}:${name}" value="${marks[name] ?? ''}" />
        ${option(name, 'crm', say.useCrm)} ${option(name, 'erp', say.useErp)} ${option(name, 'ignore', say.ignore)}
        ${option(name, '', say.later)}
      </fieldset>`,
  )}`;
}

/** What settles a difference that is none of fields: a link where there can be one, or that it is let be. */
export function lineChoices(view: View, line: Difference): Html {
  if (line.kind === 'differs') return '';
  const { differences: say } = view.texts;
  const name = line.record === '' ? line.associateNos.join('+') : line.record;
  return html`${linkChoice(view, line)}
    <p class="check">
      <label
        ><input type="checkbox" name="ignore:${line.kind}:${name}" value="yes" /> ${say.letBe}<span class="ds-sr-only"
          >, ${shown(name)}</span
        ></label
      >
    </p>`;
}

function linkChoice(view: View, { kind, record, associateNos }: Difference): Html {
  const { differences: say } = view.texts;
  const [no = 0] = associateNos;
  switch (kind) {
    case 'gone':
    case 'never-sent':
      return field(view, `${say.linkToRow}, ${shown(record)}`, { name: `row:${record}`, type: 'number' });
    case 'only-in-erp':
      return field(view, `${no}: ${say.linkToRecord}`, { name: `record:${no}`, placeholder: 'customer:C-1001' });
    case 'linked-twice':
      return html`<p class="check">
        <label><input type="checkbox" name="unlink:${record}" value="yes" /> ${say.unlink}, ${shown(record)}</label>
      </p>`;
    default:
      return '';
  }
}
