import { describe, expect, test } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import type { NewRow, WriteOutcome } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { codeOf, contact, customer, failureOf, openSandbox, yes } from './support.ts';
import { altered, tampering } from './tampering.ts';

const kindOf = (outcome: PromiseSettledResult<WriteOutcome>) =>
  outcome.status === 'fulfilled'
    ? outcome.value.kind
    : outcome.reason instanceof Failure
      ? outcome.reason.code
      : 'error';

const created = (erp: Awaited<ReturnType<typeof openSandbox>>) =>
  erp.sent().filter((name) => name === 'associate_create');

describe('creates made at the same time', () => {
  test('share one request, each kind in a field of its own', async () => {
    const { fetch, bodies } = tampering();
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }] }, {}, { fetch });
    const rows = [customer(), customer({ customerNo: 500 }), contact(1), contact(1)];
    const outcomes = await Promise.all(rows.map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array(4).fill('written'));
    expect(outcomes.map((each) => each.kind === 'written' && each.row.externalId)).toEqual(
      rows.map((row) => row.values.externalId),
    );
    expect(erp.sent()).toEqual(['associate_create']);
    expect(bodies.at(-1)?.query).toContain('suggest: { customerNo: { from: 10000, to: 19999 } }');
    expect(bodies.at(-1)?.query.match(/suggest:/g)).toHaveLength(1);
  });

  test('without an interval the number is asked for with null, and nothing else is null', async () => {
    const { fetch, bodies } = tampering();
    const settings = { NXT_CUSTOMER_NUMBER_FROM: undefined, NXT_CUSTOMER_NUMBER_TO: undefined };
    await using erp = await openSandbox({}, settings, { fetch });
    const outcome = await erp.associates.create(customer({ companyNo: '', customerNo: 0 }), yes);
    expect(outcome).toMatchObject({ kind: 'written', row: { customerNo: 1 } });
    const body = JSON.stringify(bodies.at(-1)?.variables);
    expect(body.match(/null/g)).toHaveLength(1);
    expect(body).toContain('"customerNo":null');
  });

  test('a row that may no longer be sent is left out, and the others go', async () => {
    await using erp = await openSandbox();
    const outcomes = await Promise.allSettled([
      erp.associates.create(customer(), yes),
      erp.associates.create(customer(), async () => false),
      erp.associates.create(customer(), async () => {
        throw new Failure('storage.unavailable');
      }),
    ]);
    expect(outcomes.map(kindOf)).toEqual(['written', 'not-sent', 'storage.unavailable']);
    expect(erp.sandbox.rows()).toHaveLength(1);
  });

  test('no request is sent when no row may be', async () => {
    await using erp = await openSandbox();
    expect(await erp.associates.create(customer(), async () => false)).toEqual({ kind: 'not-sent' });
    expect(erp.sent()).toEqual([]);
  });

  test('permission is asked when the request is about to leave, after waiting at the gate', async () => {
    const opened = Promise.withResolvers<undefined>();
    const gate = {
      enter: async () => {
        await opened.promise;
        return { start: async () => undefined, leave: () => undefined };
      },
      slowDown: () => undefined,
    };
    let asked = 0;
    const count = async () => {
      asked += 1;
      return true;
    };
    const open = {
      enter: async () => ({ start: async () => undefined, leave: () => undefined }),
      slowDown: () => undefined,
    };
    let current: typeof gate = open;
    await using erp = await openSandbox(
      {},
      {},
      {
        gate: { enter: () => current.enter(), slowDown: () => undefined },
      },
    );
    await erp.associates.schema();
    current = gate;
    const outcome = erp.associates.create(customer(), count);
    const all = erp.sandbox.requests.counts.operations;
    expect([asked, all.create]).toEqual([0, 0]);
    opened.resolve(undefined);
    expect((await outcome).kind).toBe('written');
    expect(asked).toBe(1);
  });

  test('permission is asked again when the request is repeated with a fresh token', async () => {
    await using erp = await openSandbox();
    await erp.associates.schema();
    erp.sandbox.expireTokens();
    let left = 1;
    const once = async () => left-- > 0;
    expect(await erp.associates.create(customer(), once)).toEqual({ kind: 'not-sent' });
    expect(erp.sandbox.rows()).toHaveLength(0);
  });

  test('a number no ERP row can have fails alone, before anything is sent', async () => {
    await using erp = await openSandbox();
    expect(await codeOf(erp.associates.create(customer({ customerNo: 99_999_999_999 }), yes))).toBe('value.invalid');
    expect(erp.sent()).toEqual([]);
  });
});

describe.each([
  { onError: true, failedItems: 'null' },
  { onError: false, rowErrors: 'rows', failedItems: 'null' },
  { onError: false, rowErrors: 'rows', failedItems: 'compacted' },
  { onError: false, rowErrors: 'rows', failedItems: 'holes' },
  { onError: false, rowErrors: 'table', failedItems: 'holes' },
] as const)('one bad row among 48 with %o', (options) => {
  const rows = (bad: number): readonly NewRow[] =>
    Array.from({ length: 48 }, (_, index) =>
      index % 2 === 0
        ? customer({ name: index === bad ? 'bad' : `Kunde ${index}` })
        : contact(1, index === bad ? 'bad' : 'Kari'),
    );

  test.each([0, 17, 46, 47])('fails alone and the rest is stored once (row %i)', async (bad) => {
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }], ...options });
    erp.sandbox.faults.refuseRows((row) => row.name === 'bad');
    const outcomes = await Promise.allSettled(rows(bad).map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map(kindOf)).toEqual(
      Array.from({ length: 48 }, (_, index) => (index === bad ? 'erp.row-refused' : 'written')),
    );
    expect(erp.sandbox.rows()).toHaveLength(1 + 47);
    expect(erp.sandbox.doubles()).toEqual([]);
    expect(created(erp).length).toBeLessThanOrEqual(3);
  });

  test('fails alone also when errors do not say which row, with a bounded number of requests', async () => {
    const withoutIndex = async (forward: () => Promise<Response>) =>
      Response.json(JSON.parse((await (await forward()).text()).replaceAll(/"values\/\d+"/g, '"?"')));
    const { fetch } = tampering({ associate_create: withoutIndex });
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }], ...options }, {}, { fetch });
    erp.sandbox.faults.refuseRows((row) => row.name === 'bad');
    const outcomes = await Promise.allSettled(rows(21).map((row) => erp.associates.create(row, yes)));
    expect(outcomes.filter((each) => kindOf(each) !== 'written').map(kindOf)).toEqual(['erp.row-refused']);
    expect(erp.sandbox.rows()).toHaveLength(1 + 47);
    expect(erp.sandbox.doubles()).toEqual([]);
    expect(created(erp).length).toBeLessThanOrEqual(1 + 2 * 6);
  });
});

test('an index that points at the wrong row refuses nobody innocent', async () => {
  const shifted = async (forward: () => Promise<Response>) =>
    Response.json(JSON.parse((await (await forward()).text()).replaceAll('values/2', 'values/0')));
  const { fetch } = tampering({ associate_create: shifted });
  await using erp = await openSandbox({}, {}, { fetch });
  erp.sandbox.faults.refuseRows((row) => row.name === 'bad');
  const rows = ['A', 'B', 'bad', 'D'].map((name) => customer({ name }));
  const outcomes = await Promise.allSettled(rows.map((row) => erp.associates.create(row, yes)));
  expect(outcomes.map(kindOf)).toEqual(['written', 'written', 'erp.row-refused', 'written']);
});

test('when every row is refused each gets its error, without endless tries', async () => {
  await using erp = await openSandbox();
  erp.sandbox.faults.refuseRows(() => true);
  const outcomes = await Promise.allSettled(Array.from({ length: 30 }, () => erp.associates.create(customer(), yes)));
  expect(new Set(outcomes.map(kindOf))).toEqual(new Set(['erp.row-refused']));
  expect(created(erp)).toHaveLength(1);
});

describe('a create whose answer is lost', () => {
  test.each(['reset', 'gateway-timeout'] as const)(
    'is lost for every row, and nobody looks or sends again (%s)',
    async (how) => {
      await using erp = await openSandbox();
      await erp.associates.schema();
      erp.sandbox.faults.add({ on: 'create', do: 'lose-answer', how, next: 1 });
      const outcomes = await Promise.all([customer(), customer()].map((row) => erp.associates.create(row, yes)));
      expect(outcomes.map(({ kind }) => kind)).toEqual(['lost', 'lost']);
      expect(erp.sent()).toEqual(['associate_create']);
    },
  );

  test('is not lost when the connection was refused: it surely did not happen', async () => {
    const { fetch } = tampering({
      associate_create: async () => {
        throw Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNREFUSED' } });
      },
    });
    await using erp = await openSandbox({}, {}, { fetch });
    expect(await codeOf(erp.associates.create(customer(), yes))).toBe('erp.unreachable');
  });

  test('is lost when it was answered with an error and the look afterwards fails', async () => {
    await using erp = await openSandbox();
    await erp.associates.schema();
    erp.sandbox.faults.refuseRows((row) => row.name === 'bad');
    erp.sandbox.faults.add({ on: 'read', do: 'status', status: 503 });
    const outcomes = await Promise.all(
      [customer(), customer({ name: 'bad' })].map((row) => erp.associates.create(row, yes)),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(['lost', 'lost']);
    expect(created(erp)).toHaveLength(1);
  });
});

describe('answers that prove nothing', () => {
  test.each([
    ['null', () => ({ unnumbered: { affectedRows: 2, items: null } })],
    ['no field', () => ({ unnumbered: null })],
    ['holes', () => ({ unnumbered: { affectedRows: 2, items: [null, {}] } })],
  ])('%s: the rows are looked up and nothing is sent twice', async (_what, answer) => {
    const { fetch } = tampering({ associate_create: altered(answer) });
    await using erp = await openSandbox({}, {}, { fetch });
    const outcomes = await Promise.all([customer(), customer()].map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written']);
    expect(erp.sent()).toEqual(['associate_create', 'associate_find']);
  });

  test('rows in another order still go to their own calls', async () => {
    const { fetch } = tampering({
      associate_create: altered((data) => {
        const { items } = data['unnumbered'] as { items: unknown[] };
        return { unnumbered: { items: items.toReversed() } };
      }),
    });
    await using erp = await openSandbox({}, {}, { fetch });
    const rows = [customer({ name: 'A' }), customer({ name: 'B' }), customer({ name: 'C' })];
    const outcomes = await Promise.all(rows.map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map((each) => each.kind === 'written' && each.row.name.reveal())).toEqual(['A', 'B', 'C']);
  });

  test('an answer that cannot be read leaves the rows in doubt', async () => {
    const { fetch } = tampering({
      associate_create: altered(() => ({ unnumbered: { items: [{ associateNo: 'x' }] } })),
    });
    await using erp = await openSandbox({}, {}, { fetch });
    expect(await erp.associates.create(customer(), yes)).toMatchObject({
      kind: 'lost',
      cause: { code: 'erp.unreadable' },
    });
    expect(created(erp)).toHaveLength(1);
  });
});

describe('an external id that comes back shortened', () => {
  const short = { overflow: 'truncate', maxLengths: { externalId: 20 } } as const;

  test('is written where the name tells the row, so that its link can be saved', async () => {
    await using erp = await openSandbox(short);
    const rows = [customer({ name: 'A' }), customer({ name: 'B' })];
    const outcomes = await Promise.all(rows.map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map((each) => each.kind === 'written' && each.row.name.reveal())).toEqual(['A', 'B']);
    expect(outcomes[0]?.kind === 'written' && outcomes[0].row.externalId).toHaveLength(20);
  });

  test('stops the flow where it does not, and nothing is created again', async () => {
    await using erp = await openSandbox(short);
    const rows = [customer({ name: 'A' }), customer({ name: 'A' })];
    const outcomes = await Promise.all(rows.map((row) => erp.associates.create(row, yes)));
    expect(outcomes).toMatchObject([1, 2].map(() => ({ kind: 'lost', cause: { code: 'erp.external-id-changed' } })));
    expect(erp.sandbox.rows()).toHaveLength(2);
    expect(created(erp)).toHaveLength(1);
  });
});

describe('without a column for the external id', () => {
  const none = { NXT_EXTERNAL_ID_COLUMN: 'none' };

  test('every row has a request of its own', async () => {
    await using erp = await openSandbox({}, none);
    const outcomes = await Promise.all([customer(), customer()].map((row) => erp.associates.create(row, yes)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(['written', 'written']);
    expect(created(erp)).toHaveLength(2);
  });

  test('a refused row has its error; one that may be half stored is lost', async () => {
    await using whole = await openSandbox({ onError: true }, none);
    whole.sandbox.faults.refuseRows(() => true);
    expect(await codeOf(whole.associates.create(customer(), yes))).toBe('erp.row-refused');
    await using partial = await openSandbox({ onError: false }, none);
    partial.sandbox.faults.refuseRows(() => true);
    expect((await partial.associates.create(customer(), yes)).kind).toBe('lost');
  });
});

describe('customer numbers', () => {
  const near = { NXT_CUSTOMER_NUMBER_FROM: 10_000, NXT_CUSTOMER_NUMBER_TO: 10_002 };

  test('a number in use is said so', async () => {
    await using erp = await openSandbox({ rows: [{ customerNo: 7 }] });
    expect(await codeOf(erp.associates.create(customer({ customerNo: 7 }), yes))).toBe('erp.number-in-use');
  });

  test.each([true, false])('a full interval stops with its code (suggest in the schema: %s)', async (suggest) => {
    await using erp = await openSandbox({ suggest, rows: [{ customerNo: 10_001 }] }, near);
    const outcomes = await Promise.allSettled(
      [customer(), customer(), contact(1)].map((row) => erp.associates.create(row, yes)),
    );
    expect(outcomes.map(kindOf).toSorted()).toEqual(['erp.number-interval-full', 'written', 'written']);
  });

  test('where the schema has no suggest, numbers are picked here: one look, all different', async () => {
    await using erp = await openSandbox({ suggest: false, rows: [{ customerNo: 10_050 }] });
    const outcomes = await Promise.all(Array.from({ length: 5 }, () => erp.associates.create(customer(), yes)));
    const numbers = outcomes.map((each) => each.kind === 'written' && each.row.customerNo);
    expect(numbers).toEqual([10_051, 10_052, 10_053, 10_054, 10_055]);
    expect(erp.sent()).toEqual(['associate_highest', 'associate_create']);
  });

  test('a number taken meanwhile is replaced by the next', async () => {
    const { fetch } = tampering({
      associate_highest: async (forward) => {
        const answer = await forward();
        erp.sandbox.seed([{ customerNo: 10_000 + erp.sandbox.rows().length }]);
        return erp.sandbox.rows().length > 2 ? forward() : answer;
      },
    });
    await using erp = await openSandbox({ suggest: false }, {}, { fetch });
    const outcome = await erp.associates.create(customer(), yes);
    expect(outcome.kind).toBe('written');
    expect(new Set(erp.sandbox.rows().map((row) => row.customerNo)).size).toBe(erp.sandbox.rows().length);
  });
});

test('a row stored with some of its fields dropped is written: what is missing is the caller’s to see', async () => {
  await using erp = await openSandbox({ onError: false, rowErrors: 'fields' });
  const outcome = await erp.associates.create(customer({ addressLine1: new Personal('x'.repeat(300)) }), yes);
  expect(outcome.kind === 'written' && outcome.row.addressLine1.reveal()).toBe('');
});

test('a value too long for its column says so', async () => {
  await using erp = await openSandbox();
  const failure = await failureOf(erp.associates.create(customer({ name: 'x'.repeat(81) }), yes));
  expect([failure.code, failure.details.detail]).toEqual(['value.too-long', 'ValueTooLong']);
});
