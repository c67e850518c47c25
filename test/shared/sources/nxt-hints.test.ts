import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import type { RowHint } from '../../../shared/sources/nxt/table-change.ts';
import { receiveHints } from '../../../shared/sources/index.ts';
import type { HintDeps } from '../../../shared/sources/nxt/receive-hints.ts';

const KEY = 'new-key';
const COMPANY = 7_654_321;
const CHANGE = {
  tableIdentifier: 'Associate',
  companyNo: COMPANY,
  primaryKeys: [{ AssociateNo: 9 }],
  event: 'UPDATE',
  timestamp: '2024-05-07T08:17:38.3221987Z',
  changedColumns: [{ something: 'new' }],
};

async function post(
  body: unknown,
  { key = KEY, ...deps }: Partial<Pick<HintDeps, 'take'>> & { readonly key?: string | null } = {},
) {
  const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
  const signature = key === null ? null : createHmac('sha256', key).update(bytes).digest('base64');
  const noted: RowHint[] = [];
  const { status } = await receiveHints(
    {
      header: (name) => (name === 'x-vwd-signature-v1' ? signature : null),
      body: (async function* () {
        yield bytes.subarray(0, 7);
        yield bytes.subarray(7);
      })(),
    },
    {
      key: async () => `old-key ${KEY}`,
      companyNo: async () => COMPANY,
      take: async (hints) => void noted.push(...hints),
      ...deps,
    },
  );
  return { status, noted };
}

describe('a TableChange at /api/webhooks/nxt', () => {
  test('with either key is noted', async () => {
    expect(await post(CHANGE)).toEqual({ status: 202, noted: [{ associateNo: 9, isDeleted: false }] });
    expect((await post(CHANGE, { key: 'old-key' })).status).toBe(202);
  });

  test('of another company or table is answered as taken', async () => {
    expect(await post({ ...CHANGE, companyNo: 1 })).toEqual({ status: 202, noted: [] });
    expect(await post({ ...CHANGE, tableIdentifier: 'Order' })).toEqual({ status: 202, noted: [] });
  });

  test.each([
    ['another key', { key: 'other' }],
    ['no signature', { key: null }],
  ])('with %s is refused, and nothing is noted', async (_, given) => {
    expect(await post(CHANGE, given)).toEqual({ status: 401, noted: [] });
  });

  test('is refused while no key is set, also one signed with nothing', async () => {
    const unset = receiveHints(
      {
        header: () => createHmac('sha256', '').update('{}').digest('base64'),
        body: (async function* () {
          yield Buffer.from('{}');
        })(),
      },
      { key: async () => null, companyNo: async () => COMPANY, take: () => Promise.reject(new Error('noted')) },
    );
    expect((await unset).status).toBe(401);
  });

  test('that is none is named so, once it is proved to be Visma’s', async () => {
    expect((await post('not json')).status).toBe(400);
    expect((await post({ hello: 1 })).status).toBe(400);
    expect((await post('not json', { key: 'other' })).status).toBe(401);
  });

  test('that cannot be noted just now may come again', async () => {
    const away = () => Promise.reject(new Failure('storage.unavailable'));
    expect((await post(CHANGE, { take: away })).status).toBe(503);
  });
});
