import { describe, expect, it } from 'vitest';
import { manualClock, SANDBOX_CLIENT_ID, type SandboxOptions } from '../../../local/nxt/index.ts';
import { startClient } from './client.ts';

const created = (affectedRows: number, items: unknown) => ({
  data: { useCompany: { associate_create: { affectedRows, items } } },
});
const INTERVAL = 'suggest: { customerNo: { from: 100, to: 102 } }';

describe('associate_create', () => {
  it('assigns the associate number, and does not use gaps again', async () => {
    const { create, sandbox, ask } = await startClient({ rows: [{ associateNo: 5, name: 'Sist' }] });
    expect(await create([{ name: 'Ny' }], '', 'associateNo')).toMatchObject(created(1, [{ associateNo: 6 }]));
    await ask(
      'mutation ($no: Int!) { useCompany(no: $no) { associate_delete(filter: { associateNo: { _eq: 6 } }) { affectedRows } } }',
    );
    await create([{ name: 'Nyere' }]);
    expect(sandbox.rows().map(({ associateNo }) => associateNo)).toEqual([5, 7]);
  });

  it('writes the client id and Norwegian local time', async () => {
    const { create, sandbox } = await startClient({ clock: manualClock(Date.UTC(2026, 6, 1, 22, 30)) });
    await create([{ name: 'Ny' }]);
    expect(sandbox.rows()[0]).toMatchObject({
      createdByUser: SANDBOX_CLIENT_ID,
      createdDate: 20260702,
      createdTime: 30,
      createdDateTime: '2026-07-02T00:30:00',
    });
  });

  it('takes an empty row', async () => {
    const { create } = await startClient();
    expect(await create([{}])).toMatchObject(created(1, [{ name: '', customerNo: 0 }]));
  });

  it('suggests the short name from the name', async () => {
    const { create } = await startClient();
    expect(await create([{ name: 'Brygga AS' }], '', 'shortName')).toMatchObject(
      created(1, [{ shortName: 'Brygga AS' }]),
    );
  });

  it('assigns fields in the order written, in variables as in the document', async () => {
    const { create, sandbox, ask } = await startClient();
    await create([
      { countryNo: 46, languageNo: 47 },
      { languageNo: 47, countryNo: 46 },
    ]);
    await ask(
      'mutation ($no: Int!) { useCompany(no: $no) { associate_create(values: [{ languageNo: 47, countryNo: 46 }]) { affectedRows } } }',
    );
    expect(sandbox.rows().map(({ languageNo }) => languageNo)).toEqual([47, 46, 46]);
  });

  it('copies the company’s address to a contact only when told to', async () => {
    const rows = [{ associateNo: 1, name: 'Kunde', addressLine1: 'Gata 1' }];
    const contact = [{ name: 'Kari', contactForAssociateNo: 1 }];
    const plain = await startClient({ rows });
    expect(await plain.create(contact, '', 'addressLine1')).toMatchObject(created(1, [{ addressLine1: '' }]));
    const copying = await startClient({ rows, copyAddressToContact: true });
    expect(await copying.create(contact, '', 'addressLine1')).toMatchObject(created(1, [{ addressLine1: 'Gata 1' }]));
  });

  it('refuses a contact of a company that does not exist', async () => {
    const { create } = await startClient();
    expect((await create([{ name: 'Kari', contactForAssociateNo: 9 }])).errors).toHaveLength(1);
  });
});

describe('a customer number', () => {
  it('is the highest plus one when null is written', async () => {
    const { create } = await startClient({ rows: [{ customerNo: 10_500 }, { customerNo: 300 }] });
    expect(await create([{ customerNo: null }], '', 'customerNo')).toMatchObject(created(1, [{ customerNo: 10_501 }]));
  });

  it('is suggested inside the interval until that is full', async () => {
    const { create } = await startClient({ rows: [{ customerNo: 9000 }, { customerNo: 100 }] });
    expect(await create([{}, {}], INTERVAL, 'customerNo')).toMatchObject(
      created(2, [{ customerNo: 101 }, { customerNo: 102 }]),
    );
    const full = await create([{}], INTERVAL);
    expect(full.errors?.[0]?.extensions).toMatchObject({ data: { status_name: 'IntervalFull' } });
  });

  it('of the row’s own overrules the suggestion, also when the interval is full', async () => {
    const { create } = await startClient({ rows: [{ customerNo: 102 }] });
    expect(await create([{ customerNo: 7 }], INTERVAL, 'customerNo')).toMatchObject(created(1, [{ customerNo: 7 }]));
  });

  it('in use is refused with a status and the row’s place in the path', async () => {
    const { create } = await startClient({ rows: [{ customerNo: 10 }] });
    const { errors } = await create([{ customerNo: 11 }, { customerNo: 10 }]);
    expect(errors).toMatchObject([
      {
        message: 'Value is already in use',
        path: ['useCompany', 'associate_create', 'values/1'],
        extensions: { data: { status: expect.any(Number) as number, status_name: 'ValueAlreadyInUse' } },
      },
    ]);
  });

  it('of 0 may stand in any number of rows', async () => {
    const { create } = await startClient();
    expect(await create([{ customerNo: 0 }, { customerNo: 0 }])).toMatchObject(created(2, [{}, {}]));
  });
});

describe('null in a text column', () => {
  it('is an error, or a suggestion, but never empty', async () => {
    const strict = await startClient();
    expect((await strict.create([{ name: 'A', phone: null }])).errors).toHaveLength(1);
    const generous = await startClient({ nullText: 'suggest' });
    await generous.create([{ name: 'A', phone: null }]);
    expect(generous.sandbox.rows()[0]?.phone).not.toBe('');
  });
});

describe('a text that is too long', () => {
  it('is an error by default: 80 characters for a name', async () => {
    const { create } = await startClient();
    expect((await create([{ name: 'x'.repeat(80) }])).errors).toBeUndefined();
    expect((await create([{ name: 'x'.repeat(81) }])).errors?.[0]?.extensions).toMatchObject({
      data: { status_name: 'ValueTooLong' },
    });
  });

  it('is cut where the option says so, as in a short external id column', async () => {
    const { create, sandbox } = await startClient({ overflow: 'truncate', maxLengths: { externalId: 6 } });
    await create([{ name: 'A', externalId: 'crm:customer:C-1' }]);
    expect(sandbox.rows()[0]?.externalId).toBe('crm:cu');
  });
});

describe('one refused row among good ones', () => {
  const rows = [{ associateNo: 1, customerNo: 10, name: 'Gammel' }];
  const values = [{ name: 'A' }, { name: 'B', customerNo: 10, phone: '1' }, { name: 'C' }];
  const [a, c] = [{ name: 'A' }, { name: 'C' }];
  const result = async (options: SandboxOptions, rest = '') => {
    const { create, sandbox } = await startClient({ rows, ...options });
    return {
      answer: await create(values, rest, 'name'),
      stored: sandbox.rows().map(({ name, phone }) => name + phone),
    };
  };

  it.each([
    ['null', null],
    ['compacted', [a, c]],
    ['holes', [a, null, c]],
  ] as const)('leaves the good ones stored; items can be %s', async (failedItems, items) => {
    const { answer, stored } = await result({ failedItems });
    expect(answer).toMatchObject({ ...created(2, items), errors: [{}] });
    expect(stored).toEqual(['Gammel', 'A', 'C']);
  });

  it('stores nothing with onError: FAIL_TABLE, or where that is the service’s own way', async () => {
    for (const one of [await result({}, 'onError: FAIL_TABLE'), await result({ rowErrors: 'table' })]) {
      expect(one.answer).toMatchObject({ ...created(0, null), errors: [{}] });
      expect(one.stored).toEqual(['Gammel']);
    }
  });

  it('can have its good fields stored', async () => {
    const { answer, stored } = await result({ rowErrors: 'fields' });
    expect(answer).toMatchObject({ ...created(3, [a, { name: 'B' }, c]), errors: [{}] });
    expect(stored).toEqual(['Gammel', 'A', 'B1', 'C']);
  });

  it('fails only its own mutation field', async () => {
    const { ask, sandbox } = await startClient({ rows });
    await ask(`mutation ($no: Int!) { useCompany(no: $no) {
      bad: associate_create(values: [{ customerNo: 10 }], onError: FAIL_TABLE) { affectedRows }
      good: associate_create(values: [{ name: "A" }], onError: FAIL_TABLE) { affectedRows }
    } }`);
    expect(sandbox.rows().map(({ name }) => name)).toEqual(['Gammel', 'A']);
  });
});
