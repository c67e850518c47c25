import { html } from 'hono/html';
import { osloTime } from '../../oslo-time.ts';
import { recordText, type BothSides, type FailureGroup, type OpenFields } from '../../sync/index.ts';
import {
  alert,
  BASE,
  button,
  explained,
  page,
  reasonField,
  recordLink,
  shown,
  table,
  type Html,
  type View,
} from '../views/page.ts';
import { paging } from '../views/paging.ts';
import { values } from '../views/record.ts';
import { fieldChoices } from './choices.ts';
import { askValues, MOST_LINES } from './views.ts';

/** Causes for which fields wait for a person, and not the whole record. */
export const OPEN_CODES = [
  'field.conflict',
  'crm.held',
  'crm.refused',
  'crm.value-unfit',
] as const satisfies readonly OpenFields['code'][];
export type OpenCode = (typeof OPEN_CODES)[number];

/** Fields that need a person, as groups beside those of the failures. */
export const openGroups = (open: readonly OpenFields[]): readonly FailureGroup[] =>
  OPEN_CODES.flatMap((code) => {
    const members = open.filter((each) => each.code === code);
    const oldest = members.map(({ since }) => since).sort()[0];
    return oldest === undefined ? [] : [{ code, records: members.length, oldest, beingReplayed: 0 }];
  });

/** The records of one such cause, with a choice for each field. */
export function openView(
  view: View,
  code: OpenCode,
  open: readonly OpenFields[],
  { from, sides, notice = '' }: { readonly from: number; readonly sides: BothSides | null; readonly notice?: Html },
): Html {
  const { differences: say, needs, readOnly } = view.texts;
  const { meaning, action } = explained(view, code);
  const isOperator = view.caller.role === 'operator';
  const lines = open.slice(from, from + MOST_LINES).map((each) => ({ ...each, record: recordText(each.ref) }));
  const place = html`<input type="hidden" name="code" value="${code}" /><input
      type="hidden"
      name="from"
      value="${from}"
    />`;
  const rows = lines.map(
    ({ ref, record, fields, since, marks }) =>
      html`<tr>
        <td>${recordLink(ref.kind, ref.crmId)}<br /><small>${osloTime(since)}</small></td>
        <td>
          <div class="settle">
            ${isOperator ? fieldChoices(view, { record, fields, marks: sides?.ref.crmId === ref.crmId && sides.ref.kind === ref.kind ? { ...marks, ...sides.marks } : marks }) : shown(fields.join(', '))}
          </div>
        </td>
      </tr>`,
  );
  const list = table(meaning, [needs.records, isOperator ? say.choice : view.texts.record.field], rows);
  const sheet = isOperator
    ? html`<form method="post" action="${BASE}/differences/open">
        <input type="hidden" name="token" value="${view.token}" />${place} ${list} ${reasonField(view)}
        ${button(say.submit)}
      </form>`
    : html`${alert('info', readOnly)} ${list}`;
  return page(
    view,
    'needs',
    meaning,
    html`${notice}
      <p class="ds-paragraph"><b>${needs.fix}:</b> ${action} <code>${code}</code></p>
      ${
        lines.length === 0
          ? alert('success', needs.nothing)
          : html`${askValues(view, '/differences/open/values', lines, place)}
            ${sides === null ? '' : values(view, sides)} ${sheet}
            ${paging(view, `/differences/open?code=${code}`, { from, size: MOST_LINES, count: open.length })}`
      }`,
  );
}
