import { describe, expect, test } from 'vitest';
import type { Selector } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { manualClock } from './manual-clock.ts';
import { codeOf, openSandbox } from './support.ts';
import { altered, tampering } from './tampering.ts';

const ROWS = [
  { name: 'Port-Service Øst AS', customerNo: 10_001, companyNo: 'NO 921 074 352 MVA', externalId: 'crm:customer:C-1' },
  { name: 'Kari', contactForAssociateNo: 1, externalId: 'crm:contact:P-1' },
  { name: 'Lager', deliveryToAssociateNo: 1 },
  { name: 'Deutsche AG', customerNo: 10_002, companyNo: 'DE921074352' },
  { name: 'Ny AS', companyNo: '921.074.352' },
  { name: 'Tall AS', companyNo: '9210743520' },
  { name: 'Kari Nordmann Berg', contactForAssociateNo: 1, emailAddress: 'post@firma.no; Kari.N@Firma.no' },
  { name: 'Österreich AG', companyNo: 'AT U 12.345.678' },
  { name: 'PORT SERVICE ØST', supplierNo: 500 },
  { name: 'A/S Bygg' },
  { name: 'Byggmakker AS' },
  { name: 'Bygg' },
  { name: 'Nordisk Bygg AS' },
  { name: 'Kari Nordmann', contactForAssociateNo: 4 },
];

function contactLike(name: string, email = ''): Selector {
  return { contactLike: { of: 1, name: new Personal(name), emailAddress: new Personal(email) } };
}

async function find(selector: Selector) {
  await using erp = await openSandbox({ rows: ROWS });
  return (await erp.associates.find(selector)).map((row) => row.associateNo);
}

describe('a row is found', () => {
  test.each<[string, Selector, number[]]>([
    ['by external id', { externalId: 'crm:customer:C-1' }, [1]],
    ['by external id only in its exact case', { externalId: 'CRM:customer:c-1' }, []],
    ['by associate number', { associateNo: 4 }, [4]],
    ['by customer number', { customerNo: 10_002 }, [4]],
    [
      'by organisation number in any Norwegian spelling, and no foreign one',
      { organizationDigits: '921074352' },
      [1, 5],
    ],
    ['by a foreign organisation number in any spelling', { organizationText: 'DE 921-074-352' }, [4]],
    ['by a foreign number with letters among its digits', { organizationText: 'atu12345678' }, [8]],
    ['by a foreign number that is no number at all', { organizationText: ' - ' }, []],
    [
      'by the words of its name, whatever its case and legal form',
      { nameLike: new Personal('port-service øst') },
      [1, 9],
    ],
    ['by a name of one word, never as part of another word', { nameLike: new Personal('Bygg') }, [10, 12]],
    ['by a name with a wildcard only as itself', { nameLike: new Personal('%') }, []],
    ['among the contacts of its customer by name', contactLike('Kari Nordmann'), [7]],
    ['among the contacts of its customer by e-mail', contactLike('Ola', 'KARI.N@firma.no'), [7]],
    ['as a contact of its customer', { contactsOf: 1 }, [2, 7]],
    ['because it points at another', { pointingAt: 1 }, [2, 3, 7]],
    ['by any of several keys', { associateNo: 6, customerNo: 10_001 }, [1, 6]],
    ['never by an empty key', { externalId: '', customerNo: 0, contactsOf: 0 }, []],
    ['never by a number no ERP row can have', { associateNo: 99_999_999_999 }, []],
  ])('%s', async (_how, selector, expected) => {
    expect(await find(selector)).toEqual(expected);
  });
});

describe('lookups made at the same time', () => {
  test('share one request, and each gets its own rows', async () => {
    const rows = Array.from({ length: 60 }, (_, index) => ({
      name: `Rad ${index}`,
      externalId: `crm:customer:${index}`,
    }));
    await using erp = await openSandbox({ rows });
    const found = await Promise.all(rows.map(({ externalId }) => erp.associates.find({ externalId })));
    expect(found.map((each) => each.map((row) => row.associateNo))).toEqual(rows.map((_row, index) => [index + 1]));
    expect(erp.sent()).toEqual(['associate_find']);
  });

  test('wait for each other no longer than 25 ms', async () => {
    const clock = manualClock();
    await using erp = await openSandbox({ rows: ROWS }, {}, { clock });
    await erp.associates.schema();
    const found = erp.associates.find({ associateNo: 1 });
    await clock.advance(24);
    expect(erp.sandbox.requests.counts.operations.read).toBe(0);
    await clock.advance(1);
    expect(await found).toHaveLength(1);
  });

  test('that find nothing to ask cost no request', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    expect(await erp.associates.find({ externalId: '' })).toEqual([]);
    expect(erp.sent()).toEqual([]);
  });

  test('one that the ERP cannot answer fails alone, with a bounded number of requests', async () => {
    const { fetch } = tampering({
      associate_find: async (forward, body) =>
        JSON.stringify(body.variables).includes('poison') ? new Response('?', { status: 422 }) : forward(),
    });
    await using erp = await openSandbox({ rows: ROWS }, {}, { fetch });
    const calls = Array.from({ length: 48 }, (_, index) =>
      index === 31 ? erp.associates.find({ externalId: 'poison' }) : erp.associates.find({ associateNo: 1 }),
    );
    const outcomes = await Promise.allSettled(calls);
    expect(outcomes.flatMap((each, index) => (each.status === 'rejected' ? [index] : []))).toEqual([31]);
    expect(erp.sent().length).toBeLessThanOrEqual(1 + 2 * (8 + 6 + 1));
  });

  test('when the ERP has no answer at all they fail together, without trying each', async () => {
    await using erp = await openSandbox({ rows: ROWS });
    await erp.associates.schema();
    erp.sandbox.faults.add({ on: 'read', do: 'status', status: 503 });
    const calls = [1, 2, 3, 4].map((no) => codeOf(erp.associates.find({ associateNo: no })));
    expect(await Promise.all(calls)).toEqual(Array(4).fill('erp.unavailable'));
    expect(erp.sent()).toEqual(['associate_find', 'associate_probe']);
  });
});

describe('a read that is cut short', () => {
  const CONTACTS = Array.from({ length: 25 }, (_, index) => ({ name: `Kontakt ${index}`, contactForAssociateNo: 1 }));

  test('goes on until the ERP says that there is no more', async () => {
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }, ...CONTACTS], maxPageSize: 10 });
    expect(await erp.associates.find({ contactsOf: 1 })).toHaveLength(25);
    expect(erp.sent()).toEqual(Array(3).fill('associate_find'));
  });

  test('is never taken for "not found" when a later page fails', async () => {
    await using erp = await openSandbox({ rows: [{ name: 'Kunde' }, ...CONTACTS], maxPageSize: 10 });
    await erp.associates.find({ associateNo: 1 });
    erp.sandbox.faults.add({ on: 'read', do: 'status', status: 500, probability: 0.5 });
    let failed = false;
    for (let round = 0; round < 20 && !failed; round += 1) {
      const found = await erp.associates.find({ contactsOf: 1 }).catch(() => 'failed' as const);
      if (found === 'failed') failed = true;
      else expect(found).toHaveLength(25);
    }
    expect(failed).toBe(true);
  });

  test('ends with a failure when the ERP promises more and gives nothing new', async () => {
    const { fetch } = tampering({
      associate_find: altered((data) => ({ ...data, rows: { pageInfo: { hasNextPage: true }, items: [] } })),
    });
    await using erp = await openSandbox({ rows: ROWS }, {}, { fetch });
    expect(await codeOf(erp.associates.find({ associateNo: 1 }))).toBe('erp.unknown');
  });

  test('an answer of another shape is named by its column, without the value', async () => {
    const { fetch } = tampering({
      associate_find: altered(() => ({
        rows: { pageInfo: { hasNextPage: false }, items: [{ associateNo: 1, customerNo: 'Kari Nordmann' }] },
      })),
    });
    await using erp = await openSandbox({ rows: ROWS }, {}, { fetch });
    const failure = await erp.associates.find({ associateNo: 1 }).catch((error: unknown) => String(error));
    expect(failure).toContain('erp.unreadable');
    expect(failure).toContain('customerNo');
    expect(failure).not.toContain('Kari');
  });
});

describe('the whole table', () => {
  test('is scanned in pages of ascending associate numbers, though rows come and go meanwhile', async () => {
    const rows = Array.from({ length: 1200 }, (_, index) => ({ name: `Rad ${index}` }));
    await using erp = await openSandbox({ rows });
    const seen: number[] = [];
    const sizes: number[] = [];
    for await (const page of erp.associates.scan()) {
      sizes.push(page.length);
      seen.push(...page.map((row) => row.associateNo));
      erp.sandbox.edit(seen.length - 10, undefined);
    }
    expect(sizes).toEqual([500, 500, 200]);
    expect(seen).toEqual(rows.map((_row, index) => index + 1));
  });
});

test('a page of the whole table that fails is asked for again, and no row is told of twice', async () => {
  const rows = Array.from({ length: 1200 }, (_, index) => ({ name: `Rad ${index}` }));
  await using erp = await openSandbox({ rows });
  const seen: number[] = [];
  for await (const page of erp.associates.scan()) {
    seen.push(...page.map((row) => row.associateNo));
    erp.sandbox.faults.clear();
    erp.sandbox.faults.add({ do: 'status', status: 503, on: 'read', next: seen.length === 500 ? 2 : 1 });
  }
  expect(seen).toEqual(rows.map((_row, index) => index + 1));
});

test('a page that fails three times ends the read', async () => {
  await using erp = await openSandbox({ rows: [{ name: 'Rad' }] });
  erp.sandbox.faults.add({ do: 'status', status: 503, on: 'read', next: 3 });
  const read = async () => {
    for await (const page of erp.associates.scan()) expect(page).toEqual([]);
  };
  await expect(read()).rejects.toThrow('erp.unavailable');
});

describe('the highest customer number', () => {
  const NUMBERED = [9_000, 10_005, 10_020, 30_000].map((customerNo) => ({ customerNo }));
  test.each([
    [undefined, 30_000],
    [{ from: 10_000, to: 19_999 }, 10_020],
    [{ from: 40_000, to: 49_999 }, 0],
  ])('in %o is %i', async (interval, expected) => {
    await using erp = await openSandbox({ rows: NUMBERED });
    expect(await erp.associates.highestCustomerNo(interval)).toBe(expected);
  });
});
