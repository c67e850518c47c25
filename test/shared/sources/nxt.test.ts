import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { isSignedByVisma } from '../../../shared/sources/nxt/signature.ts';
import { readTableChange } from '../../../shared/sources/nxt/table-change.ts';

const COMPANY = 7_654_321;
const change = (more: object = {}) => ({
  tableIdentifier: 'Associate',
  customerNo: 1_234_567,
  companyNo: COMPANY,
  primaryKeys: [{ associateNo: 9 }],
  event: 'UPDATE',
  timestamp: '2024-05-07T08:17:38.3221987Z',
  ...more,
});

describe('the signature of Visma’s webhooks', () => {
  const body = Buffer.from(JSON.stringify(change({ changedByUser: 'Åse' })));
  const sign = (key: string, bytes: Buffer = body) => createHmac('sha256', key).update(bytes).digest('base64');

  test('holds with any of the keys, over the bytes as they came', () => {
    expect(isSignedByVisma(body, sign('new-key'), ['old-key', 'new-key'])).toBe(true);
  });

  test.each([
    ['no header', null, ['k']],
    ['an empty header', '', ['k']],
    ['another key', sign('other'), ['k']],
    ['no key', sign('k'), []],
    ['a signature of other bytes', sign('k', Buffer.from('{}')), ['k']],
    ['a signature that was cut', sign('k').slice(0, -1), ['k']],
    ['hexadecimal', createHmac('sha256', 'k').update(body).digest('hex'), ['k']],
  ])('refuses %s', (_, signature, keys) => {
    expect(isSignedByVisma(body, signature, keys)).toBe(false);
  });
});

describe('a TableChange', () => {
  test.each([
    ['the documented spelling', { associateNo: 9 }],
    ['the spelling of the published samples', { AssociateNo: 9 }],
    ['a number as text', { associateNo: '9' }],
  ])('names its row in %s', (_, key) => {
    expect(readTableChange(change({ primaryKeys: [key] }), COMPANY)).toEqual([{ associateNo: 9, isDeleted: false }]);
  });

  test('is read in either spelling of its fields', () => {
    const pascal = Object.entries(change()).map(([name, value]) => [
      name.replace(/^./u, (c) => c.toUpperCase()),
      value,
    ]);
    expect(readTableChange(Object.fromEntries(pascal), COMPANY)).toEqual([{ associateNo: 9, isDeleted: false }]);
  });

  test('may name several rows, may be one of several, may say more than is known', () => {
    const more = change({
      primaryKeys: [{ associateNo: 1 }, { associateNo: 2 }],
      changedColumns: [{ any: ['shape'] }],
    });
    expect(readTableChange([more, change({ event: 'DELETE' })], COMPANY)).toEqual([
      { associateNo: 1, isDeleted: false },
      { associateNo: 2, isDeleted: false },
      { associateNo: 9, isDeleted: true },
    ]);
  });

  test.each([
    ['another table', { tableIdentifier: 'Order', primaryKeys: [{ OrderNo: 9 }] }],
    ['another company', { companyNo: 1 }],
    ['a key that is no associate number', { primaryKeys: [{ associateNo: 0 }, { associateNo: 1e12 }, {}] }],
  ])('asks nothing of us for %s', (_, more) => {
    expect(readTableChange(change(more), COMPANY)).toEqual([]);
  });

  test('counts without a company number, as customer-wide deliveries have none', () => {
    expect(readTableChange(change({ companyNo: 0 }), COMPANY)).toHaveLength(1);
    expect(readTableChange(change({ companyNo: undefined }), COMPANY)).toHaveLength(1);
  });

  test.each([null, 'text', 7, {}, { tableIdentifier: 'Associate' }])('is not %j', (body) => {
    expect(readTableChange(body, COMPANY)).toBeNull();
  });
});
