import { createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { describeNetworkError } from '../../../shared/erp/http/network.ts';
import { readErrors } from '../../../shared/erp/http/erp-error.ts';
import { failureOf, judgeAnswer, type RawAnswer } from '../../../shared/erp/http/reply.ts';
import { createAssociates } from '../../../shared/erp/index.ts';
import { manualClock } from './manual-clock.ts';
import { associateNo, codeOf, CREDENTIALS, openSandbox, ownGate, SETTINGS, yes } from './support.ts';
import { tampering } from './tampering.ts';

const NOW = Date.UTC(2026, 10, 21, 8);
const raw = (
  status: number,
  more: Partial<RawAnswer> & { readonly header?: Record<string, string> } = {},
): RawAnswer => ({
  status,
  headers: new Headers(more.header),
  ...more,
});
const verdict = (answer: RawAnswer) => {
  const reply = judgeAnswer(answer, NOW);
  return reply.kind === 'answered' ? reply.kind : `${reply.kind} ${reply.failure.code}`;
};
const error = (message: string, extensions = {}, path: readonly unknown[] = []) => [{ message, extensions, path }];

describe('an answer that arrived', () => {
  const NO_ACCESS =
    'Error: Could not get authorize user using VismaNetCompanyId: 5. Description: External integration error. Status: 18.';
  const UNKNOWN_FIELD = 'GraphQL.Validation.Errors.FieldsOnCorrectTypeError: Cannot query field …';
  test.each<[string, RawAnswer, string]>([
    ['401 as a page', raw(401), 'refused erp.unauthorized'],
    ['403', raw(403), 'refused erp.forbidden'],
    ['429', raw(429), 'refused erp.rate-limited'],
    [
      'too many in progress',
      raw(200, { data: { useCompany: null }, errors: error('…', { code: 'OUTSTANDING_LIMIT_EXCEEDED', limit: 60 }) }),
      'refused erp.outstanding-limit',
    ],
    [
      'too many in progress, told by wording only',
      raw(200, { data: null, errors: error('Company 5 has 60 requests in progress. Limit is 60.') }),
      'refused erp.outstanding-limit',
    ],
    [
      'an unknown field',
      raw(200, { errors: error(UNKNOWN_FIELD, { code: 'FIELDS_ON_CORRECT_TYPE', codes: ['FIELDS_ON_CORRECT_TYPE'] }) }),
      'refused erp.schema',
    ],
    ['an unknown field with status 400', raw(400, { errors: error(UNKNOWN_FIELD) }), 'refused erp.schema'],
    [
      'no access to the company',
      raw(200, { data: { useCompany: { rows: null } }, errors: error(NO_ACCESS) }),
      'refused erp.no-company-access',
    ],
    [
      'no access in other words',
      raw(200, { data: { useCompany: null }, errors: error('The service has no access to company 5.') }),
      'refused erp.no-company-access',
    ],
    ['500', raw(500), 'lost erp.unavailable'],
    ['504 of a gateway', raw(504), 'lost erp.unavailable'],
    ['404', raw(404), 'refused erp.unavailable'],
    ['a redirect', raw(302), 'refused erp.unavailable'],
    ['413', raw(413), 'refused erp.unavailable'],
    [
      'the ERP gave up on time',
      raw(200, { data: null, errors: error('The operation timed out.') }),
      'lost erp.timeout',
    ],
    ['nothing at all', raw(200, {}), 'lost erp.unavailable'],
    [
      'a row that is refused',
      raw(200, {
        data: { useCompany: { contacts: { items: null } } },
        errors: error('A record with the same primary key already exists.', { data: { status: 3 } }, ['values/0']),
      }),
      'answered',
    ],
    [
      'a refused row whose wording speaks of access, with no data',
      raw(200, { data: { useCompany: { contacts: null } }, errors: error('access denied', {}, ['x', 'values/0']) }),
      'answered',
    ],
    ['rows', raw(200, { data: { useCompany: { rows: { items: [] } } } }), 'answered'],
  ])('%s', (_what, answer, expected) => {
    expect(verdict(answer)).toBe(expected);
  });

  test.each([
    ['7', 7000],
    [new Date(NOW + 90_000).toUTCString(), 90_000],
    ['86400', 600_000],
    [new Date(NOW + 86_400_000).toUTCString(), 600_000],
    ['soon', undefined],
  ])('Retry-After: %s', (text, ms) => {
    const reply = judgeAnswer(raw(429, { header: { 'retry-after': text } }), NOW);
    expect(reply.kind === 'refused' && reply.failure.details.retryAfterMs).toBe(ms);
  });

  test('the trace id for support comes along, from the body or the header', () => {
    const body = judgeAnswer(raw(500, { extensions: { 'vbnxt-trace-id': 'abc-1' } }), NOW);
    const header = judgeAnswer(raw(500, { header: { 'x-vbc-traceid': 'def-2' } }), NOW);
    expect([body, header].map((reply) => reply.kind === 'lost' && reply.failure.details.traceId)).toEqual([
      'abc-1',
      'def-2',
    ]);
  });
});

describe('the error of one row', () => {
  const codeFor = (message: string, name?: string) => {
    const [first] = readErrors(
      error(message, { data: { status: 9, status_name: name } }, ['useCompany', 'contacts', 'values/4']),
    );
    expect(first).toMatchObject({ field: 'contacts', row: 4 });
    const failure = failureOf(first, undefined);
    return `${failure.code} ${failure.details.detail ?? ''}`.trim();
  };

  test.each([
    ['Value is already in use', 'ValueInUse', 'erp.number-in-use ValueInUse'],
    [
      'A record with the same primary key already exists.',
      'PrimaryKeyAssignmentFailed',
      'erp.number-in-use PrimaryKeyAssignmentFailed',
    ],
    ['There is no free number', undefined, 'erp.number-interval-full status 9'],
    ['…', 'StringTooLong', 'value.too-long StringTooLong'],
    ['…', 'SomethingElse', 'erp.row-refused SomethingElse'],
    ['…', 'not a name: Kari', 'erp.row-refused status 9'],
    ['The table is locked', 'Locked', 'erp.unknown Locked'],
  ])('%s (%s)', (message, name, expected) => {
    expect(codeFor(message, name)).toBe(expected);
  });

  test('an error of a shape nobody knows is unknown, not a crash', () => {
    expect(readErrors('boom')).toEqual([{ theme: 'other' }]);
    expect(failureOf(readErrors([null])[0], undefined).code).toBe('erp.unknown');
  });
});

describe('no answer', () => {
  async function fetchErrorFrom(serve: (socket: Socket) => void, close = false): Promise<unknown> {
    const server = createServer(serve);
    const port = await new Promise<number>((resolve) =>
      server.listen(0, '127.0.0.1', () => {
        const address = server.address();
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      }),
    );
    if (close) await new Promise((resolve) => server.close(resolve));
    try {
      await (await fetch(`http://127.0.0.1:${port}`, { method: 'POST', body: '{}' })).text();
      return undefined;
    } catch (thrown) {
      return thrown;
    } finally {
      if (!close) server.close();
    }
  }

  test('a refused connection surely carried nothing out', async () => {
    expect(describeNetworkError(await fetchErrorFrom(() => undefined, true))).toEqual({
      executed: 'no',
      kind: 'network',
      detail: 'ECONNREFUSED',
    });
  });

  test('a connection reset after sending may have carried it out', async () => {
    const thrown = await fetchErrorFrom((socket) => socket.once('data', () => socket.resetAndDestroy()));
    expect(describeNetworkError(thrown)).toMatchObject({ executed: 'unknown', kind: 'network' });
  });

  test('an answer cut short may have carried it out', async () => {
    const thrown = await fetchErrorFrom((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{"da')),
    );
    expect(describeNetworkError(thrown)).toMatchObject({ executed: 'unknown', kind: 'network' });
  });

  test('a programming error is not taken for the network', () => {
    expect(describeNetworkError(new TypeError('x is not a function')).kind).toBe('bug');
  });

  test('an unreadable answer keeps nothing of its text', async () => {
    await using erp = await openSandbox(
      {},
      {},
      {
        fetch: tampering({
          associate_probe: async () =>
            new Response('{"name":"Kari Nordmann', { headers: { 'content-type': 'application/json' } }),
        }).fetch,
      },
    );
    const failure = await codeOf(erp.associates.probe());
    expect(failure).toBe('erp.unavailable');
  });

  test('no answer within NXT_TIMEOUT_SECONDS: a read fails, a write is lost', async () => {
    const clock = manualClock();
    await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { clock });
    await erp.associates.schema();
    erp.sandbox.faults.add({ do: 'hang' });
    const read = codeOf(erp.associates.find({ associateNo: 1 }));
    const write = erp.associates.update(associateNo(1), { companyNo: '1' }, yes);
    await clock.advance(25);
    while (erp.sandbox.requests.counts.operations.all < 3) await clock.settle();
    await clock.advance(SETTINGS.NXT_TIMEOUT_SECONDS * 1000);
    // Nor does the read get an answer that carries no record.
    while (erp.sandbox.requests.counts.operations.all < 4) await clock.settle();
    await clock.advance(SETTINGS.NXT_TIMEOUT_SECONDS * 1000);
    expect(await read).toBe('erp.timeout');
    expect(await write).toMatchObject({ kind: 'lost', cause: { code: 'erp.timeout' } });
  });
});

describe('the conversation with the ERP', () => {
  test('an expired token is fetched anew once, and the caller notices nothing', async () => {
    await using erp = await openSandbox({ rows: [{ name: 'A' }] });
    await erp.associates.schema();
    erp.sandbox.expireTokens();
    expect(await erp.associates.find({ associateNo: 1 })).toHaveLength(1);
    expect(erp.lines.map((line) => line.outcome)).toEqual(['ok', 'erp.unauthorized', 'ok']);
  });

  test('a fresh token that is refused as well is a matter of configuration', async () => {
    await using erp = await openSandbox();
    erp.sandbox.faults.add({ do: 'expire-token' });
    expect(await codeOf(erp.associates.probe())).toBe('erp.unauthorized');
    expect(erp.sandbox.requests.counts.http.token).toBe(2);
  });

  test.each([
    ['429', { do: 'status', status: 429, retryAfterSeconds: 7 } as const, 'erp.rate-limited', 7000],
    ['too many in progress', { do: 'outstanding-limit' } as const, 'erp.outstanding-limit', 5000],
  ])('%s slows the gate down and surely wrote nothing', async (_what, fault, code, ms) => {
    const slowed: number[] = [];
    const gate = {
      enter: async () => ({ start: async () => undefined, leave: () => undefined }),
      slowDown: (pause: number) => slowed.push(pause),
    };
    await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { gate });
    await erp.associates.schema();
    erp.sandbox.faults.add({ on: 'update', ...fault });
    expect(await codeOf(erp.associates.update(associateNo(1), { companyNo: '1' }, yes))).toBe(code);
    expect(slowed).toEqual([ms]);
  });

  test('another company than the client may use', async () => {
    await using erp = await openSandbox({}, { NXT_COMPANY_NO: 42 });
    expect(await codeOf(erp.associates.probe())).toBe('erp.no-company-access');
  });

  test('nobody listens', async () => {
    const erp = await openSandbox();
    await erp.sandbox.stop();
    const away = createAssociates({
      settings: { ...SETTINGS, VISMA_TOKEN_URL: erp.sandbox.tokenUrl, NXT_GRAPHQL_URL: erp.sandbox.graphqlUrl },
      gate: ownGate(),
      credentials: async () => CREDENTIALS,
      refreshCredentials: async () => CREDENTIALS,
    });
    expect(await codeOf(away.probe())).toBe('token.unreachable');
  });

  test('the schema is read again after the ERP called an operation invalid', async () => {
    let invalid = true;
    const { fetch } = tampering({
      associate_find: async (forward) =>
        invalid ? Response.json({ errors: [{ message: 'Cannot query field "x"' }] }) : forward(),
    });
    await using erp = await openSandbox({ rows: [{ name: 'A' }] }, {}, { fetch });
    expect(await codeOf(erp.associates.find({ associateNo: 1 }))).toBe('erp.schema');
    invalid = false;
    expect(await erp.associates.find({ associateNo: 1 })).toHaveLength(1);
    expect(erp.sandbox.requests.counts.operations.introspection).toBe(2);
  });
});
