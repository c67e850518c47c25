import { describe, expect, it } from 'vitest';
import { manualClock } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const ROWS = [{ associateNo: 1, name: 'A' }];

describe('the counters', () => {
  it('count operations by kind, members of a batch, and HTTP requests apart', async () => {
    const { sandbox, post, create, update } = await startClient({ rows: ROWS });
    const read = {
      query: `{ useCompany(no: ${sandbox.companyNo}) { a: associate { totalCount } b: associate { totalCount } } }`,
    };
    await post([read, read, { query: '{ __schema { queryType { name } } }' }]);
    await create([{ name: 'B' }, { name: 'C' }]);
    await update({ associateNo: { _eq: 1 } }, { phone: '1' });
    expect(sandbox.requests.counts).toMatchObject({
      http: { token: 1, graphql: 3 },
      operations: { read: 2, create: 1, update: 1, delete: 0, introspection: 1, all: 5 },
      fields: { read: 4, create: 1, update: 1 },
      rows: { create: 2, update: 1, delete: 0 },
    });
  });

  it('count a fields behind a fragment too', async () => {
    const { sandbox, ask } = await startClient();
    await ask(`query ($no: Int!) { useCompany(no: $no) { ...rows } }
      fragment rows on Query_UseCompany { associate { totalCount } }`);
    expect(sandbox.requests.counts.operations.read).toBe(1);
  });

  it('keep the writes of each associate', async () => {
    const { sandbox, create, update } = await startClient({ rows: ROWS });
    await create([{ name: 'B' }]);
    await update({ associateNo: { _eq: 2 } }, { phone: '1' });
    expect([...sandbox.requests.writesPerAssociate]).toEqual([[2, 2]]);
  });

  it('know the busiest 60 s', async () => {
    const clock = manualClock();
    const { sandbox, post } = await startClient({ clock });
    const members = (n: number) => Array.from({ length: n }, () => ({ query: '{ __typename }' }));
    await post(members(5));
    clock.advance(59_000);
    await post(members(3));
    clock.advance(1_000);
    await post(members(4));
    expect(sandbox.requests.maxPerMinute).toBe(8);
  });

  it('log each request with its time, kinds, names and end', async () => {
    const clock = manualClock();
    const { sandbox, create } = await startClient({ clock });
    sandbox.faults.add({ on: 'create', do: 'lose-answer', next: 1 });
    await expect(create([{ name: 'B' }])).rejects.toThrow();
    expect(sandbox.requests.log).toMatchObject([
      { kinds: ['token'], outcome: 200 },
      { at: clock.now(), kinds: ['create'], operations: 1, names: ['create'], outcome: 'reset', fault: 'lose-answer' },
    ]);
  });
});

describe('doubles', () => {
  it('are rows that share an external id; rows without one are none', async () => {
    const { sandbox } = await startClient({
      rows: [
        { externalId: 'crm:customer:C-1' },
        { externalId: 'crm:contact:C-1' },
        { externalId: 'crm:customer:C-1' },
        { externalId: '' },
        { externalId: '' },
      ],
    });
    expect(sandbox.doubles()).toEqual([{ externalId: 'crm:customer:C-1', associateNos: [1, 3] }]);
  });
});

describe('reset', () => {
  it('brings back the first rows and ends faults, landings and counts', async () => {
    const { sandbox, create } = await startClient({ rows: ROWS });
    sandbox.faults.add({ on: 'create', do: 'land-later' });
    await expect(create([{ name: 'B' }])).rejects.toThrow();
    sandbox.edit(1, { name: 'Endret' });
    sandbox.reset();
    expect(sandbox.rows()).toMatchObject([{ associateNo: 1, name: 'A' }]);
    expect([sandbox.faults.list(), sandbox.faults.landings()]).toEqual([[], []]);
    expect(sandbox.requests.counts.http.graphql).toBe(0);
  });
});
