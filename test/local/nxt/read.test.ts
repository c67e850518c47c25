import { describe, expect, it } from 'vitest';
import { SAMPLE_ROWS } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const ROWS = [
  { associateNo: 1, customerNo: 10, name: 'Ærlig Bygg AS', companyNo: 'NO 925 481 459 MVA', creditLimit: 2.5 },
  { associateNo: 2, customerNo: 20, name: 'brygga as', companyNo: '857368193' },
  { associateNo: 3, supplierNo: 30, name: '50% Rabatt AS', companyNo: '8_' },
  { associateNo: 4, contactForAssociateNo: 1, name: 'Kari', changedTimestamp: '2026-11-21T09:00:00' },
];

const FIND = (filter: string) => `associate(filter: ${filter}) { items { associateNo } }`;
const numbers = (...associateNos: readonly number[]) => ({
  items: associateNos.map((associateNo) => ({ associateNo })),
});

describe('a filter', () => {
  it.each<[string, string, readonly number[]]>([
    ['_eq', '{ customerNo: { _eq: 10 } }', [1]],
    ['_eq without regard to case or trailing blanks', '{ name: { _eq: "BRYGGA AS " } }', [2]],
    ['_not_eq', '{ customerNo: { _not_eq: 0 } }', [1, 2]],
    ['_gt', '{ customerNo: { _gt: 10 } }', [2]],
    ['_gte', '{ customerNo: { _gte: 10 } }', [1, 2]],
    ['_lt', '{ associateNo: { _lt: 2 } }', [1]],
    ['_lte', '{ associateNo: { _lte: 2 } }', [1, 2]],
    ['_in', '{ associateNo: { _in: [1, 4, 9] } }', [1, 4]],
    ['_not_in', '{ associateNo: { _not_in: [1, 4, 9] } }', [2, 3]],
    ['_between, both ends included', '{ associateNo: { _between: { from: 2, to: 3 } } }', [2, 3]],
    ['_like with % between all digits', '{ companyNo: { _like: "%9%2%5%4%8%1%4%5%9%" } }', [1]],
    ['_like with _ for one character', '{ name: { _like: "Kar_" } }', [4]],
    ['_like with a set', '{ name: { _like: "[b-c]%" } }', [2]],
    ['_like with an escaped wildcard', '{ name: { _like: "50[%]%" } }', [3]],
    ['_like without regard to case, Norwegian letters too', '{ name: { _like: "%ÆRLIG%" } }', [1]],
    ['several operators on one column as and', '{ associateNo: { _gt: 1, _lt: 4 } }', [2, 3]],
    ['several columns as and', '{ customerNo: { _gt: 0 }, name: { _like: "b%" } }', [2]],
    ['_or', '{ _or: [{ associateNo: { _eq: 4 } }, { supplierNo: { _eq: 30 } }] }', [3, 4]],
    ['_and', '{ _and: [{ associateNo: { _gt: 1 } }, { customerNo: { _gt: 0 } }] }', [2]],
    ['a decimal', '{ creditLimit: { _gt: 2.4 } }', [1]],
    ['a time stamp', '{ changedTimestamp: { _gte: "2026-11-21T08:00:00" } }', [4]],
  ])('%s', async (_name, filter, found) => {
    const { read } = await startClient({ rows: ROWS });
    expect(await read(FIND(filter))).toEqual(numbers(...found));
  });

  it('does not let null stand for a value', async () => {
    const { read } = await startClient({ rows: ROWS });
    await expect(read(FIND('{ externalId: { _eq: null } }'))).rejects.toThrow('_eq');
  });
});

describe('paging', () => {
  const many = Array.from({ length: 25 }, (_, n) => ({ associateNo: n + 1, name: `Row ${n + 1}` }));
  const PAGE = (args: string) =>
    `associate(${args}) { totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } items { associateNo } }`;

  it('has offsets as cursors, in base64', async () => {
    const { read } = await startClient({ rows: many });
    expect(await read(PAGE('first: 10'))).toMatchObject({
      totalCount: 25,
      pageInfo: { hasNextPage: true, hasPreviousPage: false, startCursor: 'MA==', endCursor: 'MTA=' },
    });
  });

  it('goes on after a cursor until there is no next page', async () => {
    const { read } = await startClient({ rows: many });
    expect(await read(PAGE('first: 10, after: "MjA="'))).toMatchObject({
      pageInfo: { hasNextPage: false, hasPreviousPage: true },
      ...numbers(21, 22, 23, 24, 25),
    });
  });

  it('goes back with last and before, and skips with skip', async () => {
    const { read } = await startClient({ rows: many });
    expect(await read('associate(last: 2, before: "MTA=") { items { associateNo } }')).toEqual(numbers(9, 10));
    expect(await read('associate(first: 2, skip: 3) { items { associateNo } }')).toEqual(numbers(4, 5));
  });

  it('gives a default page when first is left out', async () => {
    const { read } = await startClient({ rows: many, defaultPageSize: 4 });
    expect(await read(PAGE('skip: 0'))).toMatchObject({ pageInfo: { hasNextPage: true }, ...numbers(1, 2, 3, 4) });
  });

  it('never gives more than the maximum', async () => {
    const { read } = await startClient({ rows: many, maxPageSize: 3 });
    expect(await read(PAGE('first: 20'))).toMatchObject({ pageInfo: { hasNextPage: true }, ...numbers(1, 2, 3) });
  });

  it('refuses a size that is not positive', async () => {
    const { read } = await startClient({ rows: many });
    await expect(read(PAGE('first: 0'))).rejects.toThrow('positive');
  });

  it('sorts by several columns, each in its direction', async () => {
    const rows = [
      { associateNo: 1, postalArea: 'LARVIK', name: 'B' },
      { associateNo: 2, postalArea: 'OSLO', name: 'Å' },
      { associateNo: 3, postalArea: 'LARVIK', name: 'A' },
      { associateNo: 4, postalArea: 'OSLO', name: 'Z' },
    ];
    const { read } = await startClient({ rows });
    const order = 'orderBy: [{ postalArea: DESC }, { name: ASC }]';
    expect(await read(`associate(${order}) { items { associateNo } }`)).toEqual(numbers(4, 2, 3, 1));
  });
});

describe('a row', () => {
  it('has 0 and empty text for what is not set, and null for a time that is none', async () => {
    const { read } = await startClient({ rows: [{ name: 'Bare navn' }] });
    expect(await read('associate { items { customerNo phone changedDateTime changedDate } }')).toEqual({
      items: [{ customerNo: 0, phone: '', changedDateTime: null, changedDate: 0 }],
    });
  });

  it('of the sample has an organisation number in accounting’s spelling', async () => {
    const { read } = await startClient({ rows: SAMPLE_ROWS });
    expect(await read(FIND('{ companyNo: { _eq: "925481459" } }'))).toEqual(numbers());
    expect(await read(FIND('{ companyNo: { _like: "NO 925 481 459 MVA" } }'))).toEqual(numbers(10));
  });
});
