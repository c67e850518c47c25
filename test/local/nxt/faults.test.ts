import { describe, expect, it } from 'vitest';
import { type FaultInput, manualClock, type NxtSandbox, type SandboxOptions } from '../../../local/nxt/index.ts';
import { CREATE, requestToken, startClient, tokenOf } from './client.ts';

/** A client whose create is one request that may end in any way. */
async function striking(fault: FaultInput, options: SandboxOptions = {}) {
  const clock = manualClock();
  const client = await startClient({ clock, ...options });
  client.sandbox.faults.add(fault);
  const variables = { no: client.sandbox.companyNo, values: [{ name: 'Ny', externalId: 'crm:customer:C-1' }] };
  const body = { query: CREATE('', 'associateNo'), variables };
  return {
    ...client,
    clock,
    names: () => client.sandbox.rows().map(({ name }) => name),
    send: () => client.post(body),
  };
}

/** Sends a document and gives up once the sandbox has it in progress. */
async function abandon(sandbox: NxtSandbox, document: string): Promise<void> {
  const giveUp = new AbortController();
  const request = fetch(sandbox.graphqlUrl, {
    method: 'POST',
    signal: giveUp.signal,
    headers: { authorization: `Bearer ${await tokenOf(await requestToken(sandbox))}` },
    body: JSON.stringify({ query: document.replace('COMPANY', `useCompany(no: ${sandbox.companyNo})`) }),
  });
  await expect.poll(() => sandbox.inProgress()).toBe(1);
  giveUp.abort();
  await expect(request).rejects.toThrow();
}

const READ = '{ COMPANY { associate { totalCount } } }';
const WRITE = 'mutation { COMPANY { associate_create(values: [{ name: "Ny" }]) { affectedRows } } }';

describe('a fault', () => {
  it.each([429, 500, 503])('answers %i and carries nothing out', async (status) => {
    const { send, names } = await striking({ on: 'create', do: 'status', status, retryAfterSeconds: 7, next: 1 });
    const response = await send();
    expect([response.status, response.headers.get('retry-after')]).toEqual([status, '7']);
    expect(names()).toEqual([]);
    expect((await send()).status).toBe(200);
  });

  it('strikes only its kind of operation', async () => {
    const { send, read } = await striking({ on: 'update', do: 'status', status: 500 });
    expect((await send()).status).toBe(200);
    expect(await read('associate { totalCount }')).toEqual({ totalCount: 1 });
  });

  it('strikes a read and leaves a create alone', async () => {
    const { send, read } = await striking({ on: 'read', do: 'reset' });
    expect((await send()).status).toBe(200);
    await expect(read('associate { totalCount }')).rejects.toThrow('fetch failed');
  });

  it('strikes with its probability, in the same places for the same seed', async () => {
    const pattern = async (seed: number) => {
      const { sandbox } = await striking({ do: 'status', status: 500, probability: 0.3, on: 'token' }, { seed });
      const statuses: number[] = [];
      for (let n = 0; n < 40; n++) statuses.push((await requestToken(sandbox)).status);
      return statuses;
    };
    const first = await pattern(3);
    expect(await pattern(3)).toEqual(first);
    expect(await pattern(4)).not.toEqual(first);
    const struck = first.filter((status) => status === 500).length;
    expect(struck).toBeGreaterThan(4);
    expect(struck).toBeLessThan(25);
  });

  it('resets the connection before anything is carried out', async () => {
    const { send, names } = await striking({ do: 'reset' });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(names()).toEqual([]);
  });

  it('hangs until the client gives up, with nothing carried out', async () => {
    const { send, sandbox, names } = await striking({ on: 'create', do: 'hang', next: 1 });
    await abandon(sandbox, WRITE);
    await expect.poll(() => sandbox.inProgress()).toBe(0);
    expect(names()).toEqual([]);
    expect((await send()).status).toBe(200);
  });

  it('can lose the place in progress for 30 minutes', async () => {
    const { sandbox, clock } = await striking({ on: 'read', do: 'hang', keepSlot: true, next: 1 });
    await abandon(sandbox, READ);
    await expect.poll(() => clock.pending()).toBe(1);
    clock.advance(30 * 60_000 - 1);
    expect(sandbox.inProgress()).toBe(1);
    clock.advance(1);
    expect(sandbox.inProgress()).toBe(0);
  });

  it('loses the answer once the write has happened', async () => {
    const { send, names } = await striking({ on: 'create', do: 'lose-answer', next: 1 });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(names()).toEqual(['Ny']);
  });

  it('loses the answer in a gateway’s 504', async () => {
    const { send, names } = await striking({ do: 'lose-answer', how: 'gateway-timeout' });
    expect((await send()).status).toBe(504);
    expect(names()).toEqual(['Ny']);
  });

  it('loses the answer now and lets the write land 40 s later, holding its place in progress', async () => {
    const { send, names, clock, sandbox } = await striking({ on: 'create', do: 'land-later', next: 1 });
    await expect(send()).rejects.toThrow('fetch failed');
    expect(sandbox.faults.landings()).toEqual([{ at: clock.now() + 40_000, kinds: ['create'] }]);
    clock.advance(39_999);
    expect([names(), sandbox.inProgress()]).toEqual([[], 1]);
    clock.advance(1);
    await expect.poll(names).toEqual(['Ny']);
    await expect.poll(() => sandbox.inProgress()).toBe(0);
    expect(sandbox.faults.landings()).toEqual([]);
  });

  it('lets everything land at once when told to, and only once', async () => {
    const { send, names, clock, sandbox } = await striking({ do: 'land-later', afterMs: 5 });
    await expect(send()).rejects.toThrow();
    expect(await sandbox.faults.landNow()).toBe(1);
    expect(names()).toEqual(['Ny']);
    clock.advance(10);
    expect(await sandbox.faults.landNow()).toBe(0);
    expect(names()).toEqual(['Ny']);
  });

  it('kills the token: 401 until a new one is fetched', async () => {
    const { send, post, sandbox } = await striking({ do: 'expire-token', next: 1 });
    expect((await send()).status).toBe(401);
    expect((await send()).status).toBe(401);
    expect((await post({ query: '{ __typename }' }, await tokenOf(await requestToken(sandbox)))).status).toBe(200);
  });

  it('says that the company has too many requests in progress', async () => {
    const { send, names } = await striking({ do: 'outstanding-limit', next: 1 });
    expect(await (await send()).json()).toMatchObject({
      errors: [{ extensions: { code: 'OUTSTANDING_LIMIT_EXCEEDED', limit: 60 } }],
    });
    expect(names()).toEqual([]);
  });

  it('refuses the row whose name holds a marker, or that a test picks', async () => {
    const { create, sandbox, names } = await striking({ do: 'row-error', nameContains: '#bad' });
    sandbox.faults.refuseRows((row, kind) => kind === 'create' && row.phone === '13');
    const { errors } = await create([{ name: 'A' }, { name: 'B #bad' }, { name: 'C', phone: '13' }]);
    expect(errors?.map(({ path }) => path?.at(-1))).toEqual(['values/1', 'values/2']);
    expect(names()).toEqual(['A']);
  });

  it('is over when cleared', async () => {
    const { send, sandbox } = await striking({ do: 'reset' });
    sandbox.faults.clear();
    expect((await send()).status).toBe(200);
  });
});

describe('downtime', () => {
  it('breaks every connection, or answers 503, until it is off', async () => {
    const { sandbox, send } = await striking({ on: 'update', do: 'reset' });
    sandbox.faults.downtime = 'reset';
    await expect(send()).rejects.toThrow('fetch failed');
    await expect(requestToken(sandbox)).rejects.toThrow('fetch failed');
    sandbox.faults.downtime = 'unavailable';
    expect((await send()).status).toBe(503);
    sandbox.faults.downtime = 'off';
    expect((await send()).status).toBe(200);
  });
});

describe('latency', () => {
  it('passes before the write happens, and can be changed while running', async () => {
    const { sandbox, send, names, clock } = await striking({ on: 'update', do: 'reset' });
    sandbox.faults.latencyMs = 400;
    const slow = send();
    await expect.poll(() => clock.pending()).toBe(1);
    clock.advance(399);
    expect(names()).toEqual([]);
    clock.advance(1);
    expect((await slow).status).toBe(200);
    sandbox.faults.latencyMs = 0;
    expect((await send()).status).toBe(200);
  });

  it('lets a write happen although the client has gone', async () => {
    const { sandbox, clock, names } = await striking({ on: 'update', do: 'reset' }, { latencyMs: 1000 });
    await abandon(sandbox, WRITE);
    expect(names()).toEqual([]);
    clock.advance(1000);
    await expect.poll(names).toEqual(['Ny']);
  });
});
