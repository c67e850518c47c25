import { html } from 'hono/html';
import type { RecordRef } from '../../record/index.ts';
import { recordText, type BothSides } from '../../sync/index.ts';
import { shown, type Html, type View } from './page.ts';

/** The form's name of the choice for one field; with a row's number where a form offers several. */
export const keepName = (field: string, ref: RecordRef, associateNo?: number): string =>
  associateNo === undefined ? `keep:${field}` : `keep:${recordText(ref)}:${associateNo}:${field}`;

/** One choice per field that differs: the CRM's value, or the ERP's. In the order of the fields; the CRM's is chosen. */
export function valueChoices(
  { texts: { record } }: View,
  { ref, fields, crm, erp }: BothSides,
  associateNo?: number,
): Html {
  const rows = erp.filter((row) => associateNo === undefined || row.associateNo === associateNo);
  const differing = fields.filter((field) => rows.some(({ differs }) => differs.includes(field)));
  const texts = (values: readonly (string | undefined)[]): string =>
    values.map((text = '') => (text === '' ? '–' : shown(text.replaceAll('\n', ', ')))).join(' / ');
  // Lists, not buttons: thirty records with all their fields are one page, and a small one.
  const choice = (field: string): Html => {
    const ofErp = texts(rows.map(({ values }) => values[field]));
    return html`<label
      >${field}
      <select class="ds-input" name="${keepName(field, ref, associateNo)}">
        <option value="crm">CRM: ${texts([crm?.[field]])}</option>
        <option value="erp">${record.erpStays}: ${ofErp}</option>
      </select></label
    >`;
  };
  const rowNames = rows.map((row) => row.associateNo).join(', ');
  return html`<div class="values" role="group" aria-label="${record.inErp} ${rowNames}">${differing.map(choice)}</div>`;
}

/** True where there is a field to choose a value of. */
export const hasChoices = ({ erp }: BothSides, associateNo?: number): boolean =>
  erp.some((row) => row.differs.length > 0 && (associateNo === undefined || row.associateNo === associateNo));
