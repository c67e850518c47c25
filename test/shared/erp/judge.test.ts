import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../shared/failure.ts';
import type { AssociateRow, WriteOutcome } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { associateNo, codeOf, customer, openSandbox, yes } from './support.ts';
import type { NxtDeps } from '../../../shared/erp/associates/associates.ts';

/** What a firewall looks for. */
const STRANGE = 'DROP TABLE';
const bad = customer({ name: `${STRANGE} AS` });
const good = (count: number) => Array.from({ length: count }, (_, n) => customer({ name: `Kunde ${n}` }));

async function open(options: Parameters<typeof openSandbox>[0] = {}) {
  const verdicts: (Failure | null)[] = [];
  const onVerdict: NxtDeps['onVerdict'] = (_operation, failure, confirm) => {
    // What still has to be confirmed is the flow's to count.
    if (confirm === undefined) verdicts.push(failure);
  };
  const erp = await openSandbox(options, {}, { onVerdict });
  await erp.associates.schema();
  return { ...erp, told: () => verdicts.flatMap((failure) => failure?.code ?? []) };
}

const kindOf = (each: PromiseSettledResult<WriteOutcome>): string =>
  each.status === 'fulfilled'
    ? each.value.kind === 'lost'
      ? `lost ${each.value.cause.code}`
      : each.value.kind
    : (each.reason as Failure).code;

describe.each([
  ['403 of a firewall', { do: 'status', status: 403 } as const],
  ['400 with a page', { do: 'status', status: 400 } as const],
  ['401 for one body', { do: 'status', status: 401 } as const],
])('%s that one record provokes', (_what, answer) => {
  test('fails that record alone, in the same breath, and the flow hears of none', async () => {
    await using erp = await open();
    erp.sandbox.faults.add({ ...answer, bodyContains: STRANGE });
    const rows = [...good(6), bad, ...good(6)];
    const outcomes = await Promise.allSettled(rows.map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map(kindOf)).toEqual(rows.map((row) => (row === bad ? 'erp.request-failed' : 'written')));
    expect(erp.told()).toEqual([]);
    expect(erp.sandbox.doubles()).toEqual([]);
    expect(erp.sent().length).toBeLessThanOrEqual(20);
  });

  test('everybody meets is told, and taken for what it is', async () => {
    await using erp = await open();
    for (const on of ['create', 'update', 'read'] as const) erp.sandbox.faults.add({ ...answer, on });
    const outcomes = await Promise.allSettled(good(5).map((row) => erp.associates.create(row, yes)));
    const [code = ''] = new Set(outcomes.map(kindOf));
    expect(['erp.forbidden', 'erp.unavailable', 'erp.unauthorized']).toContain(code);
    expect(new Set(outcomes.map(kindOf)).size).toBe(1);
    expect(erp.told()).toContain(code);
    expect(erp.sent().length).toBeLessThanOrEqual(6);
  });
});

describe.each([
  ['500 with JSON', { do: 'status', status: 500, as: 'json' } as const],
  ['a reset', { do: 'reset' } as const],
])('%s that one record provokes', (_what, answer) => {
  test('leaves its batch in doubt; sent again in smaller ones, only that record fails', async () => {
    await using erp = await open();
    erp.sandbox.faults.add({ ...answer, bodyContains: STRANGE });
    let rows = [...good(6), bad, ...good(6)];
    const rounds: number[] = [];
    let last: string[] = [];
    for (let round = 0; round < 4 && rows.length > 1; round += 1) {
      const outcomes = await Promise.allSettled(rows.map((row) => erp.associates.create(row, yes)));
      last = outcomes.map(kindOf);
      rows = rows.filter((_row, index) => outcomes[index]?.status === 'fulfilled' && last[index] !== 'written');
      rounds.push(rows.length);
    }
    expect(rounds).toEqual([13, 3, 1]);
    expect(rows).toEqual([bad]);
    expect(last.filter((each) => each !== 'written')).toEqual(['lost erp.request-failed']);
    expect(erp.told()).toEqual([]);
  });
});

test('a lookup that a firewall refuses fails alone', async () => {
  await using erp = await open({ rows: [{ name: 'A' }] });
  erp.sandbox.faults.add({ do: 'status', status: 403, bodyContains: 'DROP' });
  const finds = Array.from({ length: 20 }, (_, n) =>
    n === 7 ? erp.associates.find({ nameLike: new Personal('Drop DROP') }) : erp.associates.find({ associateNo: 1 }),
  );
  const outcomes = await Promise.allSettled(finds);
  expect(outcomes.flatMap((each, n) => (each.status === 'rejected' ? [n] : []))).toEqual([7]);
  expect(await codeOf(finds[7] ?? Promise.resolve())).toBe('erp.request-failed');
  expect(erp.told()).toEqual([]);
});

test('a wording about the interval that quotes a name stops nobody while the interval has room', async () => {
  await using erp = await open();
  erp.sandbox.faults.refuseRows((row) => row.name === 'Series AS', 'Value "Series AS" is not allowed');
  expect(await codeOf(erp.associates.create(customer({ name: 'Series AS' }), yes))).toBe('erp.row-refused');
});

test('all tokens die while the token endpoint is well: nobody hears of it', async () => {
  await using erp = await open({ rows: [{ name: 'A' }, { name: 'B' }, { name: 'C' }] });
  erp.sandbox.expireTokens();
  const outcomes = await Promise.all([
    ...[1, 2, 3].map(
      (no) => erp.associates.find({ associateNo: no }) as Promise<readonly AssociateRow[] | WriteOutcome>,
    ),
    ...[1, 2, 3].map((no) => erp.associates.update(associateNo(no), { companyNo: '1' }, yes)),
  ]);
  expect(outcomes).toHaveLength(6);
  expect(erp.told()).toEqual([]);
});

test('while writes fail for everybody and reads are answered, no record is blamed', async () => {
  await using erp = await open();
  erp.sandbox.faults.add({ do: 'reset', on: 'create' }, { do: 'reset', on: 'update' });
  const row = customer();
  for (let time = 0; time < 3; time += 1) {
    const outcome = await erp.associates.create(row, yes);
    expect(outcome).toMatchObject({ kind: 'lost', cause: { code: 'erp.unreachable' } });
  }
  expect(new Set(erp.told())).toEqual(new Set(['erp.unreachable']));
});
