import { describe, expect, it } from 'vitest';
import type { NxtSandbox } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const post = (sandbox: NxtSandbox, path: string, body: unknown, type = 'application/json') =>
  fetch(`${sandbox.origin}/sandbox/${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });

describe('the control routes', () => {
  it('show rows, counters, faults and landings', async () => {
    const { sandbox } = await startClient({ rows: [{ associateNo: 3, name: 'A' }] });
    const state: unknown = await (await fetch(`${sandbox.origin}/sandbox/state`)).json();
    expect(state).toMatchObject({
      companyNo: sandbox.companyNo,
      rows: [{ associateNo: 3, name: 'A' }],
      counts: { http: { token: 1 } },
      faults: [],
      landings: [],
      doubles: [],
    });
  });

  it('add faults, set downtime and latency, and clear', async () => {
    const { sandbox } = await startClient();
    const fault = { on: 'create', do: 'status', status: 503, next: 2 };
    await post(sandbox, 'faults', { add: [fault], downtime: 'reset', latencyMs: [10, 20] });
    expect(sandbox.faults.list()).toEqual([{ ...fault, left: 2 }]);
    expect([sandbox.faults.downtime, sandbox.faults.latencyMs]).toEqual(['reset', [10, 20]]);
    await post(sandbox, 'faults', { clear: true });
    expect([sandbox.faults.list(), sandbox.faults.downtime]).toEqual([[], 'off']);
  });

  it('land what is still to land', async () => {
    const { sandbox, create } = await startClient();
    await post(sandbox, 'faults', { add: [{ on: 'create', do: 'land-later' }] });
    await expect(create([{ name: 'Ny' }])).rejects.toThrow();
    expect(sandbox.rows()).toHaveLength(0);
    await post(sandbox, 'faults', { landNow: true });
    expect(sandbox.rows()).toHaveLength(1);
  });

  it('seed rows and reset', async () => {
    const { sandbox } = await startClient();
    await post(sandbox, 'seed', { rows: [{ name: 'Seedet', customerNo: 5 }] });
    expect(sandbox.rows()).toMatchObject([{ associateNo: 1, name: 'Seedet', customerNo: 5 }]);
    await post(sandbox, 'reset', {});
    expect(sandbox.rows()).toEqual([]);
  });

  it('say what is wrong with a body and change nothing', async () => {
    const { sandbox } = await startClient();
    expect((await post(sandbox, 'faults', { add: [{ do: 'explode' }] })).status).toBe(400);
    expect((await post(sandbox, 'seed', { rows: [{ nonsense: 1 }] })).status).toBe(400);
    expect(sandbox.faults.list()).toEqual([]);
    expect(sandbox.rows()).toEqual([]);
  });

  it('take JSON only, so that a web page elsewhere cannot drive them', async () => {
    const { sandbox } = await startClient({ rows: [{ name: 'A' }] });
    expect((await post(sandbox, 'reset', {}, 'text/plain')).status).toBe(415);
  });

  it('work during downtime', async () => {
    const { sandbox } = await startClient();
    sandbox.faults.downtime = 'reset';
    expect((await post(sandbox, 'faults', { downtime: 'off' })).status).toBe(200);
    expect(sandbox.faults.downtime).toBe('off');
  });
});

describe('GraphiQL', () => {
  it('is one page without links elsewhere, with a token that works', async () => {
    const { sandbox, post: ask } = await startClient();
    const page = await (await fetch(`${sandbox.origin}/graphiql`)).text();
    expect(page).not.toMatch(/<(?:script|link|img|iframe)\b[^>]*\b(?:src|href)="(?:https?:)?\/\//u);
    const token = /Bearer (?<token>[\w.-]+)/u.exec(page)?.groups?.['token'] ?? '';
    expect((await ask({ query: '{ __schema { queryType { name } } }' }, token)).status).toBe(200);
  });
});
