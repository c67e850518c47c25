import { html } from 'hono/html';
import { button, field, form, type Html, type View } from './page.ts';

/** Values come only with a reason: asks for those of some records, each `customer:C-1`. */
export const valuesForm = (
  view: View,
  action: string,
  records: readonly string[],
  label: string,
  more: Html = '',
): Html =>
  form(
    view,
    action,
    html`<div class="row">
      ${more} ${records.map((record) => html`<input type="hidden" name="record" value="${record}" />`)}
      ${field(view, view.texts.record.reason, { name: 'reason', hint: view.texts.record.valuesHint, required: true })}
      ${button(label, 'secondary')}
    </div>`,
  );
