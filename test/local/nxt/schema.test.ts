import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import type { SandboxOptions } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const fields = z.array(z.object({ name: z.string(), description: z.string().nullable() }));
const answer = z.object({
  row: z.object({ fields }),
  input: z.object({ inputFields: fields }),
  mutation: z.object({
    fields: z.array(z.object({ name: z.string(), args: z.array(z.object({ name: z.string() })) })),
  }),
});

async function introspected(options: SandboxOptions = {}) {
  const { ask } = await startClient(options);
  const { data } = await ask(`{
    row: __type(name: "Associate") { fields { name description } }
    input: __type(name: "Associate_Input") { inputFields { name description } }
    mutation: __type(name: "Mutation_UseCompany") { fields { name args { name } } }
  }`);
  const { row, input, mutation } = answer.parse(data);
  const columns = new Map(row.fields.map(({ name, description }) => [name, description]));
  const inputs = new Map(input.inputFields.map(({ name, description }) => [name, description]));
  const args = new Map(mutation.fields.map(({ name, args: list }) => [name, list.map((argument) => argument.name)]));
  return { columns, inputs, args };
}

describe('the schema', () => {
  it.each([
    ['associateNo', '[PK] Column "ActNo" (4028)'],
    ['customerNo', 'Column "CustNo" (4045)'],
    ['companyNo', 'Column "BsNo" (4109)'],
    ['newCustomerNo', 'Column "NwCNo" (7364)'],
  ])('describes %s with its SQL name and number', async (name, description) => {
    expect((await introspected()).columns.get(name)).toBe(description);
  });

  it('says the same of a column in the input type', async () => {
    const { columns, inputs } = await introspected();
    expect(inputs.get('externalId')).toMatch(/^Column "ExtID" \(\d+\)$/u);
    for (const [name, description] of inputs) expect(description).toBe(columns.get(name));
  });

  it('has every SQL name once', async () => {
    const { columns } = await introspected();
    const sql = [...columns.values()].flatMap(
      (text) => /Column "(?<sql>\w+)"/u.exec(text ?? '')?.groups?.['sql'] ?? [],
    );
    expect(new Set(sql).size).toBe(sql.length);
    const needed = [
      'SupNo',
      'EmpNo',
      'LiaAct',
      'DelToAct',
      'Inf',
      'Inf8',
      'CPmtTrm',
      'CVatNo',
      'Gr',
      'DocSMt',
      'ExtID',
    ];
    expect(sql).toEqual(expect.arrayContaining(needed));
  });

  it('has everything in the input type but the key and who wrote when', async () => {
    const { columns, inputs } = await introspected();
    const readOnly = [...columns.keys()].filter((name) => !inputs.has(name));
    expect(readOnly.toSorted()).toEqual([
      'associateNo',
      'changedByUser',
      'changedDate',
      'changedDateTime',
      'changedTime',
      'changedTimestamp',
      'createdByUser',
      'createdDate',
      'createdDateTime',
      'createdTime',
      'createdTimestamp',
    ]);
  });

  it('gives contact-for another name when told to, and the column works under it', async () => {
    const options = {
      names: { contactForAssociateNo: 'liaisonAssociateNo' },
      rows: [{ associateNo: 7, name: 'Kunde' }],
    };
    expect((await introspected(options)).columns.get('liaisonAssociateNo')).toContain('"LiaAct"');
    const { create, read } = await startClient(options);
    await create([{ name: 'Kari', liaisonAssociateNo: 7 }]);
    const found = await read(
      'associate(filter: { liaisonAssociateNo: { _eq: 7 } }) { items { liaisonAssociateNo name } }',
    );
    expect(found).toEqual({ items: [{ liaisonAssociateNo: 7, name: 'Kari' }] });
  });

  it('leaves out columns, suggest and onError when told to', async () => {
    const full = await introspected();
    expect(full.args.get('associate_create')).toEqual(['values', 'suggest', 'onError']);
    const bare = await introspected({ leaveOut: ['externalId'], suggest: false, onError: false });
    expect(bare.args.get('associate_create')).toEqual(['values']);
    expect(bare.args.get('associate_update')).toEqual(['filter', 'value', 'filters', 'values']);
    expect([bare.columns.has('externalId'), bare.inputs.has('externalId')]).toEqual([false, false]);
  });

  it('is not shown without a token', async () => {
    const { post } = await startClient();
    expect((await post({ query: '{ __schema { queryType { name } } }' }, 'none')).status).toBe(401);
  });
});
