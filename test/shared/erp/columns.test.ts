import { describe, expect, test } from 'vitest';
import { resolveColumns, type ColumnSettings } from '../../../shared/erp/associates/columns.ts';
import type { AssociateSchema, SchemaField } from '../../../shared/erp/associates/introspection.ts';
import { codeOf, contact, customer, failureOf, openSandbox, SETTINGS, yes } from './support.ts';
import { tampering } from './tampering.ts';

const field = (name: string, sqlName?: string, type = 'Int', writable = true): SchemaField => ({
  name,
  type,
  writable,
  ...(sqlName === undefined ? {} : { sqlName }),
});

const FIELDS: readonly SchemaField[] = [
  field('associateNo', 'ActNo', 'Int', false),
  field('customerNo', 'CustNo'),
  field('supplierNo', 'SupNo'),
  field('contactForAssociateNo', 'LiaAct'),
  field('deliveryTo', 'DelToAct'),
  ...['name', 'companyNo', 'addressLine1', 'postCode', 'postalArea', 'phone', 'emailAddress'].map((name, index) =>
    field(name, ['Nm', 'BsNo', 'Ad1', 'PNo', 'PArea', 'Phone', 'MailAd'][index], 'String'),
  ),
  field('externalId', 'ExtID', 'String'),
  field('information8', 'Inf8', 'String'),
  field('paymentTerms', 'CPmtTrm'),
];

function resolve(
  change: { readonly fields?: readonly SchemaField[]; readonly settings?: Partial<ColumnSettings> } = {},
) {
  const schema: AssociateSchema = {
    fields: change.fields ?? FIELDS,
    suggestible: ['customerNo'],
    createHasSuggest: true,
    createFailsWhole: true,
    updateFailsWhole: true,
  };
  return resolveColumns(schema, { ...SETTINGS, ...change.settings });
}

const problem = (change: Parameters<typeof resolve>[0]) => failureOf(Promise.resolve().then(() => resolve(change)));
const without = (name: string) => FIELDS.filter((each) => each.name !== name);

describe('columns', () => {
  test('are found by their SQL name, whatever they are called', () => {
    const fields = [...without('name'), field('navn', 'Nm', 'String')];
    expect(resolve({ fields }).by.name?.name).toBe('navn');
  });

  test('a derived field that repeats the description does not take the place of the column', () => {
    const fields = [field('nm', 'Nm', 'String', false), ...FIELDS];
    expect(resolve({ fields }).by.name?.name).toBe('name');
  });

  test('without the SQL name in any description the documented name counts', () => {
    const fields = FIELDS.map((each) => (each.name === 'phone' ? field('phone', undefined, 'String') : each));
    expect(resolve({ fields }).by.phone?.name).toBe('phone');
  });

  test('all that are missing are named at once, with their setting', async () => {
    const fields = FIELDS.filter(({ name }) => !['contactForAssociateNo', 'phone'].includes(name));
    const failure = await problem({ fields, settings: { NXT_EXTERNAL_ID_COLUMN: 'nowhere' } });
    expect(failure.code).toBe('erp.schema');
    expect(failure.message).toContain('LiaAct (NXT_CONTACT_FOR_COLUMN): no such column');
    expect(failure.message).toContain('Phone: no such column');
    expect(failure.message).toContain('nowhere (NXT_EXTERNAL_ID_COLUMN): no such column');
  });

  test('NXT_CONTACT_FOR_COLUMN names the column where the schema does not say LiaAct', () => {
    const fields = [...without('contactForAssociateNo'), field('liaison')];
    expect(resolve({ fields, settings: { NXT_CONTACT_FOR_COLUMN: 'liaison' } }).by.contactFor?.name).toBe('liaison');
  });

  test.each(['information8', 'Inf8'])('the external id may be in %s', (name) => {
    expect(resolve({ settings: { NXT_EXTERNAL_ID_COLUMN: name } }).by.externalId?.name).toBe('information8');
  });

  test('the external id must be text', async () => {
    const failure = await problem({ settings: { NXT_EXTERNAL_ID_COLUMN: 'CPmtTrm' } });
    expect(failure.message).toContain('must be String, is Int');
  });

  test('the external id may be nowhere', () => {
    expect(resolve({ settings: { NXT_EXTERNAL_ID_COLUMN: 'none' } }).by.externalId).toBeUndefined();
  });

  test('the deletion mark is looked for only when customers are marked', async () => {
    const settings = { NXT_CUSTOMER_DELETED_COLUMN: 'Inf7' };
    expect(resolve({ settings }).by.deletionMark).toBeUndefined();
    const failure = await problem({ settings: { ...settings, NXT_ON_CUSTOMER_DELETED: 'mark' } });
    expect(failure.message).toContain('Inf7 (NXT_CUSTOMER_DELETED_COLUMN)');
  });

  test('one column cannot serve twice', async () => {
    const settings = { NXT_ON_CUSTOMER_DELETED: 'mark', NXT_CUSTOMER_DELETED_COLUMN: 'ExtID' } as const;
    expect((await problem({ settings })).message).toContain('externalId: used both as externalId and as deletionMark');
  });

  test('a missing optional column is a warning, read as empty and not written', () => {
    const { by, warnings } = resolve();
    expect(by.mobilePhone).toBeUndefined();
    expect(warnings.join()).toContain('MobPh: no such column');
  });

  test('defaults are checked against the schema, all problems at once', async () => {
    const failure = await problem({
      settings: {
        NXT_CUSTOMER_DEFAULTS: { Nope: 1, CPmtTrm: 'x', CustNo: 5 },
        NXT_CONTACT_DEFAULTS: { Inf8: 8, ActNo: 1 },
      },
    });
    expect(failure.message).toContain('Nope (NXT_CUSTOMER_DEFAULTS): no such column');
    expect(failure.message).toContain('CPmtTrm (NXT_CUSTOMER_DEFAULTS): must be a Int');
    expect(failure.message).toContain('CustNo (NXT_CUSTOMER_DEFAULTS): the program writes this column itself');
    expect(failure.message).toContain('Inf8 (NXT_CONTACT_DEFAULTS): must be a String');
    expect(failure.message).toContain('ActNo (NXT_CONTACT_DEFAULTS): the program writes this column itself');
  });
});

describe('against a company with other names', () => {
  const names = { name: 'navn', contactForAssociateNo: 'kontaktFor', customerNo: 'kundenr', externalId: 'ekstern' };

  test('rows are written and found all the same', async () => {
    await using erp = await openSandbox({ names }, { NXT_EXTERNAL_ID_COLUMN: 'ExtID' });
    const written = await erp.associates.create(customer({ name: 'Nordmann AS' }), yes);
    expect(written).toMatchObject({ kind: 'written', row: { customerNo: 10_000 } });
    expect(erp.sandbox.rows()[0]).toMatchObject({ name: 'Nordmann AS', customerNo: 10_000 });
    await erp.associates.create(contact(1), yes);
    expect(await erp.associates.find({ contactsOf: 1 })).toHaveLength(1);
  });

  test('a company without the contact column stops with its name and setting', async () => {
    await using erp = await openSandbox({ leaveOut: ['contactForAssociateNo'] });
    const failure = await failureOf(erp.associates.probe());
    expect(failure.message).toContain('LiaAct (NXT_CONTACT_FOR_COLUMN)');
  });

  test.each<[string, Parameters<typeof openSandbox>]>([
    ['has none', [{ leaveOut: ['deliveryToAssociateNo'] }]],
    [
      'has none that is known by name',
      [{ descriptions: 'plain', model: 'none' }, { NXT_CONTACT_FOR_COLUMN: 'contactForAssociateNo' }],
    ],
    ['is told to do without', [{}, { NXT_DELIVERY_COLUMN: 'none' }]],
  ])('a company that %s works without the delivery column, and doctor warns', async (_how, options) => {
    await using erp = await openSandbox(...options);
    const { by, warnings } = await erp.associates.schema();
    expect(by.deliverTo).toBeUndefined();
    expect(warnings.join()).toContain('NXT_DELIVERY_COLUMN');
    await erp.associates.create(customer(), yes);
    expect(await erp.associates.find({ associateNo: 1 })).toMatchObject([{ deliverTo: 0 }]);
  });

  test('a delivery column that the setting names and the company lacks is an error', async () => {
    await using erp = await openSandbox({}, { NXT_DELIVERY_COLUMN: 'nope' });
    expect((await failureOf(erp.associates.probe())).message).toContain('nope (NXT_DELIVERY_COLUMN)');
  });

  describe.each(['nested', 'direct'] as const)('without SQL names in the descriptions, the model (%s)', (model) => {
    test('tells them, for columns, defaults and the deletion mark', async () => {
      await using erp = await openSandbox(
        { descriptions: 'plain', model, names: { contactForAssociateNo: 'liaison' } },
        {
          NXT_CUSTOMER_DEFAULTS: { CPmtTrm: 14, group1: 3 },
          NXT_ON_CUSTOMER_DELETED: 'mark',
        },
      );
      const { by, defaults } = await erp.associates.schema();
      expect([by.contactFor?.name, by.deliverTo?.name, by.deletionMark?.name]).toEqual([
        'liaison',
        'deliveryToAssociateNo',
        'information8',
      ]);
      expect(defaults.customer.map(({ column }) => column)).toEqual(['paymentTermsForCustomer', 'group1']);
    });
  });

  test('the model is not asked where the descriptions say all', async () => {
    await using erp = await openSandbox();
    await erp.associates.schema();
    expect(erp.lines.map(({ operation }) => operation)).toEqual(['associate_schema']);
  });

  test('a company without an optional column works, and the column is not written', async () => {
    await using erp = await openSandbox({ leaveOut: ['mobilePhone', 'employeeNo'] });
    const row = customer();
    const written = await erp.associates.create(
      { ...row, values: { ...row.values, ...(row.values.name && { mobilePhone: row.values.name }) } },
      yes,
    );
    expect(written).toMatchObject({ kind: 'written', row: { employeeNo: 0 } });
  });

  test('the schema is read once, also when many ask at first', async () => {
    await using erp = await openSandbox();
    await Promise.all([1, 2, 3].map((no) => erp.associates.find({ associateNo: no })));
    await erp.associates.probe();
    expect(erp.sandbox.requests.counts.operations.introspection).toBe(1);
  });

  test('defaults are written at create, after the roles and never over a value of the row', async () => {
    const { fetch, bodies } = tampering();
    const settings = { NXT_CUSTOMER_DEFAULTS: { CPmtTrm: 14, Shrt: 'standard', Gr: 3 } };
    await using erp = await openSandbox({}, settings, { fetch });
    const row = customer({ customerNo: 500 });
    await erp.associates.create(
      { ...row, values: { ...row.values, ...(row.values.name && { shortName: row.values.name }) } },
      yes,
    );
    expect(erp.sandbox.rows()[0]).toMatchObject({ paymentTermsForCustomer: 14, group1: 3, shortName: 'Kunde AS' });
    const variables = bodies.find((body) => body.operationName === 'associate_create')?.variables as {
      numbered: Record<string, unknown>[];
    };
    expect(Object.keys(variables.numbered[0] ?? {})).toEqual([
      'externalId',
      'customerNo',
      'paymentTermsForCustomer',
      'group1',
      'name',
      'shortName',
    ]);
  });

  test('a schema without the table is an error of the schema', async () => {
    const { fetch } = tampering({ associate_schema: async () => Response.json({ data: { row: null } }) });
    await using erp = await openSandbox({}, {}, { fetch });
    expect(await codeOf(erp.associates.probe())).toBe('erp.schema');
  });
});
