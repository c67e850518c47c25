import { describe, expect, test } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import type { WriteOutcome } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { associateNo, codeOf, openSandbox, yes } from './support.ts';
import { altered, tampering } from './tampering.ts';

const kindOf = (outcome: PromiseSettledResult<WriteOutcome>) =>
  outcome.status === 'fulfilled'
    ? outcome.value.kind
    : outcome.reason instanceof Failure
      ? outcome.reason.code
      : 'error';
const ROWS = Array.from({ length: 48 }, (_, index) => ({ name: `Rad ${index}`, phone: '1' }));
const phone = (text: string) => ({ phone: new Personal(text) });

describe('updates made at the same time', () => {
  test('share one request, and each gets its own row', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    const outcomes = await Promise.all(
      ROWS.map((_row, index) => erp.associates.update(associateNo(index + 1), phone(`+47 ${index}`), yes)),
    );
    expect(outcomes.map((each) => each.kind === 'written' && each.row.associateNo)).toEqual(
      ROWS.map((_, index) => index + 1),
    );
    expect(erp.sandbox.rows().map((row) => row.phone)).toEqual(ROWS.map((_, index) => `+47 ${index}`));
    expect(erp.sent()).toEqual(['associate_update']);
  });

  test('of one row go one after the other', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    await Promise.all(['1', '2', '3'].map((text) => erp.associates.update(associateNo(1), phone(text), yes)));
    expect(erp.sandbox.rows()[0]?.phone).toBe('3');
    expect(erp.sent()).toEqual(Array(3).fill('associate_update'));
  });

  test('of a row that no longer exists is gone, and the others are written', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    const outcomes = await Promise.all(
      [1, 999, 2].map((no) => erp.associates.update(associateNo(no), phone('2'), yes)),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'gone', 'written']);
  });

  test('that may no longer be sent are left out', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    const outcomes = await Promise.all([
      erp.associates.update(associateNo(1), phone('2'), async () => false),
      erp.associates.update(associateNo(2), phone('2'), yes),
    ]);
    expect(outcomes.map(({ kind }) => kind)).toEqual(['not-sent', 'written']);
    expect(erp.sandbox.rows()[0]?.phone).toBe('1');
  });

  test('without a value cost a read and no write', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    expect(await erp.associates.update(associateNo(1), {}, yes)).toMatchObject({ kind: 'written' });
    expect(await erp.associates.update(associateNo(99), {}, yes)).toEqual({ kind: 'gone' });
    expect(erp.sent()).toEqual(['associate_find', 'associate_find']);
  });

  test('whose answer is lost are lost, all of them', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    await erp.associates.schema();
    erp.sandbox.faults.add({ on: 'update', do: 'lose-answer' });
    const outcomes = await Promise.all([1, 2].map((no) => erp.associates.update(associateNo(no), phone('2'), yes)));
    expect(outcomes).toMatchObject([1, 2].map(() => ({ kind: 'lost', cause: { code: 'erp.unreachable' } })));
    expect(erp.sent()).toEqual(['associate_update']);
  });
});

describe.each([
  { onError: true },
  { onError: false, rowErrors: 'rows' },
  { onError: false, rowErrors: 'table' },
  { onError: false, rowErrors: 'fields' },
] as const)('one bad change among 48 with %o', (options) => {
  test.each([0, 30, 47])('fails alone and the rest is written (row %i)', async (bad) => {
    await using erp = await openSandbox({ rows: ROWS, ...options });
    erp.sandbox.faults.refuseRows((row, kind) => kind === 'update' && row.phone === 'bad');
    const outcomes = await Promise.allSettled(
      ROWS.map((_row, index) => erp.associates.update(associateNo(index + 1), phone(index === bad ? 'bad' : '2'), yes)),
    );
    expect(outcomes.map(kindOf)).toEqual(ROWS.map((_row, index) => (index === bad ? 'erp.row-refused' : 'written')));
    expect(erp.sandbox.rows().map((row) => row.phone)).toEqual(ROWS.map((_row, index) => (index === bad ? '1' : '2')));
    expect(erp.sent().filter((name) => name === 'associate_update').length).toBeLessThanOrEqual(3);
  });

  test('fails alone also when errors do not say which, with a bounded number of requests', async () => {
    const { fetch } = tampering({
      associate_update: async (forward) =>
        Response.json(JSON.parse((await (await forward()).text()).replaceAll(/"values\/\d+"/g, '"?"'))),
    });
    await using erp = await openSandbox({ rows: ROWS, ...options }, {}, { fetch });
    erp.sandbox.faults.refuseRows((row, kind) => kind === 'update' && row.phone === 'bad');
    const outcomes = await Promise.allSettled(
      ROWS.map((_row, index) => erp.associates.update(associateNo(index + 1), phone(index === 9 ? 'bad' : '2'), yes)),
    );
    expect(outcomes.flatMap((each, index) => (kindOf(each) === 'written' ? [] : [index]))).toEqual([9]);
    expect(erp.sent().length).toBeLessThanOrEqual(2 * (1 + 2 * 6));
  });
});

test('rows that do not come back are read again before anything is said about them', async () => {
  const { fetch } = tampering({ associate_update: altered(() => ({ update: { affectedRows: 2, items: null } })) });
  await using erp = await openSandbox({ rows: ROWS }, {}, { fetch });
  const outcomes = await Promise.all([1, 2].map((no) => erp.associates.update(associateNo(no), phone('2'), yes)));
  expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written']);
  expect(erp.sent()).toEqual(['associate_update', 'associate_find']);
});

test('a supplier that becomes a customer with a number in use is told so', async () => {
  await using erp = await openSandbox({ rows: [{ supplierNo: 5 }, { customerNo: 7 }] });
  expect(await codeOf(erp.associates.update(associateNo(1), { customerNo: 7 }, yes))).toBe('erp.number-in-use');
});

describe('a deletion', () => {
  test('of a row', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    expect(await erp.associates.delete(associateNo(1), yes)).toEqual({ kind: 'deleted' });
    expect(await erp.associates.delete(associateNo(1), yes)).toEqual({ kind: 'gone' });
    expect(await erp.associates.delete(associateNo(2), async () => false)).toEqual({ kind: 'not-sent' });
  });

  test('that the ERP refuses is a refusal', async () => {
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }, { contactForAssociateNo: 1 }] });
    expect(await codeOf(erp.associates.delete(associateNo(1), yes))).toBe('erp.row-refused');
  });

  test('whose answer is lost is lost', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    await erp.associates.schema();
    erp.sandbox.faults.add({ on: 'delete', do: 'lose-answer' });
    expect((await erp.associates.delete(associateNo(1), yes)).kind).toBe('lost');
  });
});
