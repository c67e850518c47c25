import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../local/nxt/index.ts';
import { CREATE, requestToken, startClient, tokenOf } from './client.ts';

const COUNT = (no: number) => ({ query: `{ useCompany(no: ${no}) { associate { totalCount } } }` });

describe('a GraphQL request', () => {
  it('answers with a trace id in the extensions and in a header', async () => {
    const { post, sandbox } = await startClient();
    const response = await post(COUNT(sandbox.companyNo));
    expect(response.headers.get('x-vbc-traceid')).toMatch(/^[0-9a-f]{32}$/u);
    expect(await response.json()).toMatchObject({ extensions: { 'vbnxt-trace-id': expect.any(String) as string } });
  });

  it('for a company without access answers 200, an error and null', async () => {
    const { ask } = await startClient();
    const { data, errors } = await ask('{ useCompany(no: 77) { associate { totalCount } } }');
    expect(data).toEqual({ useCompany: { associate: null } });
    expect(errors?.[0]?.message).toContain(
      'VismaNetCompanyId: 77. Description: External integration error. Status: 18.',
    );
  });

  it('with an unknown field gets the validation error with its code', async () => {
    const { ask } = await startClient();
    const { data, errors } = await ask('{ useCompany(no: 1) { associate { nope } } }');
    expect(data).toBeUndefined();
    expect(errors?.[0]).toMatchObject({
      message: expect.stringMatching(
        /^GraphQL\.Validation\.Errors\.FieldsOnCorrectTypeError: Cannot query field/u,
      ) as string,
      locations: [{ line: 1, column: 35 }],
      extensions: { code: 'FIELDS_ON_CORRECT_TYPE', codes: ['FIELDS_ON_CORRECT_TYPE'] },
    });
  });

  it('that is not GraphQL gets a syntax error', async () => {
    const { ask } = await startClient();
    expect((await ask('{ useCompany(')).errors?.[0]?.extensions).toMatchObject({ code: 'SYNTAX_ERROR' });
  });

  it('cannot mix queries and mutations', async () => {
    const { post, sandbox } = await startClient();
    const query = `query a { availableCompanies { totalCount } } ${CREATE('', 'name')}`;
    const variables = { no: sandbox.companyNo, values: [{ name: 'Nope' }] };
    const response = await post({ query, variables, operationName: 'create' });
    expect(await response.json()).toMatchObject({ errors: [{ message: expect.stringContaining('mixed') as string }] });
    expect(sandbox.rows()).toEqual([]);
  });

  it.each(['operationName', 'operationname', 'OperationName'])('chooses the operation by %s', async (key) => {
    const { post } = await startClient();
    const query = 'query a { a: __typename } query b { b: __typename }';
    expect(await (await post({ query, [key]: 'b' })).json()).toMatchObject({ data: { b: 'Query' } });
  });

  it('lists the company among those available', async () => {
    const { ask, sandbox } = await startClient();
    const { data } = await ask('{ availableCompanies { items { vismaNetCompanyId } } }');
    expect(data).toEqual({ availableCompanies: { items: [{ vismaNetCompanyId: sandbox.companyNo }] } });
  });
});

describe('a batch', () => {
  it('answers with one result per member, in order', async () => {
    const { post, sandbox } = await startClient();
    const answers: unknown = await (await post([COUNT(sandbox.companyNo), { query: '{ nope }' }])).json();
    expect(answers).toMatchObject([
      { data: { useCompany: { associate: { totalCount: 0 } } } },
      { errors: [{ extensions: { code: 'FIELDS_ON_CORRECT_TYPE' } }] },
    ]);
  });

  it('of more than 32 is refused whole', async () => {
    const { post, sandbox } = await startClient();
    const members = (n: number) => Array.from({ length: n }, () => COUNT(sandbox.companyNo));
    expect(await (await post(members(32))).json()).toHaveLength(32);
    expect(await (await post(members(33))).json()).toMatchObject({ errors: [{}] });
  });
});

describe('the limit of requests a minute', () => {
  it('refuses the 601st within 60 s with 429 and lets it pass afterwards', async () => {
    const clock = manualClock();
    const { post, sandbox } = await startClient({ clock });
    const batch = (n: number) => post(Array.from({ length: n }, () => COUNT(sandbox.companyNo)));
    for (let n = 0; n < 18; n++) await batch(32);
    clock.advance(30_000);
    expect((await batch(25)).status).toBe(429);
    expect((await batch(24)).status).toBe(200);
    expect((await batch(1)).status).toBe(429);
    clock.advance(29_999);
    expect((await batch(1)).status).toBe(429);
    clock.advance(1);
    expect((await batch(32)).status).toBe(200);
    expect(sandbox.requests.counts.tooManyRequests).toBe(3);
  });

  it('counts per token', async () => {
    const { post, sandbox } = await startClient({ requestsPerMinute: 1 });
    const second = await tokenOf(await requestToken(sandbox));
    expect((await post(COUNT(sandbox.companyNo))).status).toBe(200);
    expect((await post(COUNT(sandbox.companyNo))).status).toBe(429);
    expect((await post(COUNT(sandbox.companyNo), second)).status).toBe(200);
  });
});

describe('the limit of requests in progress', () => {
  it('answers 200 with OUTSTANDING_LIMIT_EXCEEDED to the 61st', async () => {
    const clock = manualClock();
    const { post, sandbox } = await startClient({ clock, latencyMs: 100 });
    const first = Array.from({ length: 60 }, () => post(COUNT(sandbox.companyNo)));
    await expect.poll(() => sandbox.inProgress()).toBe(60);
    const response = await post(COUNT(sandbox.companyNo));
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      errors: [
        {
          message: `Company ${sandbox.companyNo} has 60 requests in progress. Limit is 60.`,
          extensions: { code: 'OUTSTANDING_LIMIT_EXCEEDED', limit: 60 },
        },
      ],
    });
    clock.advance(100);
    expect((await Promise.all(first)).every(({ status }) => status === 200)).toBe(true);
    expect(sandbox.requests.maxInProgress).toBe(60);
    expect(sandbox.inProgress()).toBe(0);
  });
});
