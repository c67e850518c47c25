import { html } from 'hono/html';
import type { RecordRef } from '../../record/index.ts';
import { recordText, type BothSides } from '../../sync/index.ts';
import { shown, type Html, type View } from './page.ts';

/** The form's name of the choice for one field; with a row's number where a form offers several. */
export const keepName = (field: string, ref: RecordRef, associateNo?: number): string =>
  associateNo === undefined ? `keep:${field}` : `keep:${recordText(ref)}:${associateNo}:${field}`;

/** One choice per field that differs: the CRM's value, or the ERP's. In the order of the fields; the CRM's is set. */
export function valueChoices(
  { texts: { record } }: View,
  { ref, fields, crm, erp }: BothSides,
  associateNo?: number,
): Html {
  const rows = erp.filter((row) => associateNo === undefined || row.associateNo === associateNo);
  const differing = fields.filter((field) => rows.some(({ differs }) => differs.includes(field)));
  const option = (field: string, of: 'crm' | 'erp', text: string): Html =>
    html`<label
      ><input
        type="radio"
        name="${keepName(field, ref, associateNo)}"
        value="${of}"
        ${of === 'crm' ? html`checked` : ''}
      />
      ${text}</label
    >`;
  const texts = (values: readonly (string | undefined)[]): string =>
    values.map((text = '') => (text === '' ? '–' : shown(text.replaceAll('\n', ', ')))).join(' / ');
  return html`${differing.map(
    (field) =>
      html`<fieldset class="values">
        <legend>${field}</legend>
        ${option(field, 'crm', `CRM: ${texts([crm?.[field]])}`)}
        ${option(field, 'erp', `${record.erpStays}: ${texts(rows.map(({ values }) => values[field]))}`)}
      </fieldset>`,
  )}`;
}

/** True where there is a field to choose a value of. */
export const hasChoices = ({ erp }: BothSides, associateNo?: number): boolean =>
  erp.some((row) => row.differs.length > 0 && (associateNo === undefined || row.associateNo === associateNo));
