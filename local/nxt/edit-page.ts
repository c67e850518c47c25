import type { SandboxRow, TextKey } from './columns.ts';
import { ACCOUNTING } from './edit.ts';

/** The columns accounting is offered, with what the page calls them. */
export const EDITABLE: readonly (readonly [TextKey, string])[] = [
  ['name', 'Name'],
  ['companyNo', 'Organisation number'],
  ['addressLine1', 'Address line 1'],
  ['addressLine2', 'Address line 2'],
  ['addressLine3', 'Address line 3'],
  ['addressLine4', 'Address line 4'],
  ['postCode', 'Postal code'],
  ['postalArea', 'City'],
  ['phone', 'Phone'],
  ['mobilePhone', 'Mobile phone'],
  ['emailAddress', 'E-mail'],
];

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};
const escaped = (text: string | number): string => String(text).replaceAll(/[&<>"']/gu, (mark) => ENTITIES[mark] ?? '');

const STYLE = `body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .75rem .25rem 0;border-bottom:1px solid #ccc}
label{display:block;margin:.5rem 0}input{font:inherit;display:block;width:100%;max-width:32rem}button{font:inherit;margin:1rem 1rem 0 0}`;

const pageOf = (title: string, body: string): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escaped(title)}</title>
<style>${STYLE}</style></head><body><main><h1>${escaped(title)}</h1>
${body}
</main></body></html>
`;

function roleOf({ customerNo, supplierNo, contactForAssociateNo }: SandboxRow): string {
  if (customerNo !== 0) return `customer ${customerNo}`;
  if (contactForAssociateNo !== 0) return `contact of ${contactForAssociateNo}`;
  return supplierNo === 0 ? '' : `supplier ${supplierNo}`;
}

const lineOf = (row: SandboxRow): string => `<tr><td>${row.associateNo}</td>
<td><a href="/sandbox/edit?associateNo=${row.associateNo}">${escaped(row.name || '(no name)')}</a></td>
<td>${escaped(roleOf(row))}</td><td>${escaped(row.addressLine1)}</td><td>${escaped(`${row.postCode} ${row.postalArea}`)}</td>
<td>${escaped(row.changedByUser || row.createdByUser)}</td></tr>`;

/** All rows, each with the way to edit it. */
export const listPage = (rows: readonly SandboxRow[]): string =>
  pageOf(
    'Associates in the NXT sandbox',
    `<p>Edit a row as accounting would in NXT.</p>
<table><thead><tr><th>No</th><th>Name</th><th>Role</th><th>Address</th><th>Place</th><th>Last written by</th></tr></thead>
<tbody>${rows.map(lineOf).join('\n')}</tbody></table>`,
  );

/** One row as a form. @param said what became of the edit before, if there was one. */
export const rowPage = (row: SandboxRow, said = ''): string =>
  pageOf(
    `Associate ${row.associateNo}`,
    `<p><a href="/sandbox/edit">All rows</a></p>
<p role="status">${escaped(said)}</p>
<p>${escaped(roleOf(row))}; created by ${escaped(row.createdByUser || 'nobody known')}, last changed ${escaped(
      row.changedTimestamp === '' ? 'never' : `${row.changedTimestamp} by ${row.changedByUser}`,
    )}</p>
<form method="post" action="/sandbox/edit">
<input type="hidden" name="associateNo" value="${row.associateNo}">
${EDITABLE.map(([key, label]) => `<label>${label}<input name="${key}" value="${escaped(row[key])}"></label>`).join('\n')}
<label>Edited by<input name="user" value="${escaped(ACCOUNTING)}"></label>
<button name="do" value="save">Save</button><button name="do" value="delete">Delete the row</button>
</form>`,
  );

/** What is wrong, instead of a row. */
export const problemPage = (problem: string): string =>
  pageOf('Nothing was changed', `<p>${escaped(problem)}</p><p><a href="/sandbox/edit">All rows</a></p>`);
