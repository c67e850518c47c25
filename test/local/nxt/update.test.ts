import { describe, expect, it } from 'vitest';
import { startClient } from './client.ts';

const ROWS = [
  { associateNo: 1, customerNo: 10, name: 'A', phone: '1' },
  { associateNo: 2, customerNo: 20, name: 'B', phone: '2' },
  { associateNo: 3, contactForAssociateNo: 1, name: 'Kari', phone: '3' },
];
const updated = (affectedRows: number, items: unknown) => ({
  data: { useCompany: { associate_update: { affectedRows, items } } },
});
const PAIRS = (rest = '') => `mutation ($no: Int!, $values: [Associate_Input!]) {
  useCompany(no: $no) {
    associate_update(
      filters: [{ associateNo: { _eq: 1 } }, { associateNo: { _eq: 2 } }], values: $values ${rest}
    ) { affectedRows items { associateNo phone } }
  }
}`;
const DELETE = `mutation ($no: Int!, $filter: FilterExpression_Associate) {
  useCompany(no: $no) { associate_delete(filter: $filter) { affectedRows items { associateNo } } }
}`;

describe('associate_update', () => {
  it('changes the fields named in every row the filter finds, and no other', async () => {
    const { update, sandbox } = await startClient({ rows: ROWS });
    const answer = await update({ customerNo: { _gt: 0 } }, { phone: '9' });
    expect(answer).toMatchObject(updated(2, [{ associateNo: 1 }, { associateNo: 2 }]));
    expect(sandbox.rows().map(({ name, phone }) => name + phone)).toEqual(['A9', 'B9', 'Kari3']);
    expect(sandbox.rows()[0]?.changedDate).toBeGreaterThan(20260101);
  });

  it('pairs the n-th filter with the n-th values', async () => {
    const { ask, sandbox } = await startClient({ rows: ROWS });
    expect(await ask(PAIRS(), { values: [{ phone: 'x' }, { phone: 'y' }] })).toMatchObject(updated(2, [{}, {}]));
    expect(sandbox.rows().map(({ phone }) => phone)).toEqual(['x', 'y', '3']);
  });

  it('without a filter changes every row: the worst that could be', async () => {
    const { ask, sandbox } = await startClient({ rows: ROWS });
    await ask(
      'mutation ($no: Int!) { useCompany(no: $no) { associate_update(value: { phone: "0" }) { affectedRows } } }',
    );
    expect(sandbox.rows().map(({ phone }) => phone)).toEqual(['0', '0', '0']);
  });

  it('that is empty does nothing and says so in the extensions', async () => {
    const { update, sandbox } = await startClient({ rows: ROWS });
    const answer = await update({ associateNo: { _eq: 1 } }, {});
    expect(answer).toMatchObject({ ...updated(0, []), extensions: { warnings: [{}] } });
    expect(answer.errors).toBeUndefined();
    expect(sandbox.rows()[0]?.changedDate).toBe(0);
  });

  it('that finds no row answers affectedRows 0 and no error', async () => {
    const { update } = await startClient({ rows: ROWS });
    const answer = await update({ associateNo: { _eq: 99 } }, { phone: '9' });
    expect(answer).toMatchObject(updated(0, []));
    expect(answer.errors).toBeUndefined();
  });

  it('returns a refused row with the values it had before', async () => {
    const { update, sandbox } = await startClient({ rows: ROWS });
    const answer = await update({ associateNo: { _eq: 2 } }, { phone: '9', name: 'x'.repeat(81) });
    expect(answer).toMatchObject({
      ...updated(0, [{ associateNo: 2, name: 'B', phone: '2' }]),
      errors: [{ path: ['useCompany', 'associate_update', 'values/0'] }],
    });
    expect(sandbox.rows()[1]?.phone).toBe('2');
  });

  it('stores the good rows, or none with onError: FAIL_TABLE', async () => {
    const values = [{ phone: 'x' }, { phone: 'y', name: 'x'.repeat(81) }];
    const partial = await startClient({ rows: ROWS });
    expect(await partial.ask(PAIRS(), { values })).toMatchObject(updated(1, [{ phone: 'x' }, { phone: '2' }]));
    const whole = await startClient({ rows: ROWS });
    expect(await whole.ask(PAIRS('onError: FAIL_TABLE'), { values })).toMatchObject({
      ...updated(0, [{ phone: '1' }, { phone: '2' }]),
      errors: [{ path: ['useCompany', 'associate_update', 'values/1'] }],
    });
    expect(whole.sandbox.rows().map(({ phone }) => phone)).toEqual(['1', '2', '3']);
  });

  it('gives a supplier a customer number, but never changes one that is set', async () => {
    const { update, sandbox } = await startClient({ rows: [...ROWS, { associateNo: 4, supplierNo: 5, name: 'S' }] });
    await update({ associateNo: { _eq: 4 } }, { customerNo: 40 });
    expect((await update({ associateNo: { _eq: 1 } }, { customerNo: 41 })).errors).toHaveLength(1);
    expect(sandbox.rows().map(({ customerNo }) => customerNo)).toEqual([10, 20, 0, 40]);
  });
});

describe('associate_delete', () => {
  it('removes what the filter finds and returns no items', async () => {
    const { ask, sandbox } = await startClient({ rows: ROWS });
    expect(await ask(DELETE, { filter: { associateNo: { _eq: 3 } } })).toMatchObject({
      data: { useCompany: { associate_delete: { affectedRows: 1, items: null } } },
    });
    expect(sandbox.rows()).toHaveLength(2);
  });

  it('refuses a row others point at, unless told otherwise', async () => {
    const filter = { associateNo: { _eq: 1 } };
    const strict = await startClient({ rows: ROWS });
    expect((await strict.ask(DELETE, { filter })).errors).toHaveLength(1);
    expect(strict.sandbox.rows()).toHaveLength(3);
    const generous = await startClient({ rows: ROWS, deleteReferenced: 'allow' });
    await generous.ask(DELETE, { filter });
    expect(generous.sandbox.rows()).toHaveLength(2);
  });
});
