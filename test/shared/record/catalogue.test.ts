import { describe, expect, it } from 'vitest';
import { EMPTIED } from '../../../shared/erp/index.ts';
import { TABLE, type TableColumn } from '../../../shared/erp/associates/table.ts';
import { fieldOwner } from '../../../shared/field-owner.ts';
import { CONTACT, CUSTOMER } from '../../../shared/import/fields.ts';
import { CONTACT_FIELDS, CUSTOMER_FIELDS } from '../../../shared/record/index.ts';
import { contactData, customerData } from '../../../shared/record/schema.ts';

const columns: Readonly<Record<string, TableColumn>> = TABLE;
const fields = [
  ...CUSTOMER_FIELDS.map((field) => ({ kind: 'customer', field, schema: customerData, headers: CUSTOMER }) as const),
  ...CONTACT_FIELDS.map((field) => ({ kind: 'contact', field, schema: contactData, headers: CONTACT }) as const),
];

describe.each(fields)('the catalogue: $kind, $field.name', ({ kind, field, schema, headers }) => {
  it('has a schema entry', () => {
    expect(Object.keys(schema.shape)).toContain(field.name);
  });

  it('has its own name among the headers of an import, and shares none with another field', () => {
    expect(headers[field.name]?.[0]).toBe(field.name.toLowerCase());
    const others = Object.entries(headers).filter(([name]) => name !== field.name);
    const shared = others.flatMap(([, names]) => names.filter((name) => field.headers.includes(name)));
    expect(shared).toEqual([]);
  });

  it('has columns of the ERP, personal ones for a personal value', () => {
    expect(field.columns).not.toEqual([]);
    for (const column of field.columns) {
      expect(columns[column], column).toBeDefined();
      expect(columns[column]?.personal, column).toBe(field.personal);
    }
  });

  it('has an owner where it is written, which FIELD_OWNER has as its default', () => {
    expect(fieldOwner.parse('{}')).toMatchObject(field.same ? { [field.name]: field.owner } : {});
    expect(field.owner === undefined).toBe(field.same === undefined);
  });

  it.runIf(kind === 'contact')('is emptied or kept on erasure as it says', () => {
    const emptied = field.columns.filter((column) => column in EMPTIED);
    expect(emptied).toEqual(field.onErasure === 'emptied' ? field.columns : []);
    if (field.personal) expect(field.onErasure).toBe('emptied');
  });
});

it('every personal column of the ERP is emptied when a person is erased', () => {
  const personal = Object.keys(columns).filter((column) => columns[column]?.personal);
  expect(personal.filter((column) => !(column in EMPTIED))).toEqual([]);
  expect(personal.length).toBeGreaterThan(10);
});

it('every text that a field fills stands in one of the columns that it names', () => {
  const named = new Set([...CUSTOMER_FIELDS, ...CONTACT_FIELDS].flatMap((field) => field.columns));
  const texts = Object.keys(columns).filter((column) => columns[column]?.type === 'String');
  // The short name follows the name; no field of the CRM fills it.
  expect(texts.filter((column) => ![...named, 'shortName'].some((each) => each === column))).toEqual([]);
});
