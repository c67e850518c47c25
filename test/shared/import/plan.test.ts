import { readdirSync, readFileSync } from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNxtSandbox, type NxtSandbox, type RowSeed } from '../../../local/nxt/index.ts';
import {
  openCheckpoint,
  openImportFile,
  planImport,
  runImport,
  type Plan,
  type ReadOptions,
} from '../../../shared/import/index.ts';
import type { SyncDeps } from '../../../shared/sync/index.ts';
import { drain, memoryEngine } from '../../bench/support/engine.ts';
import { planLines } from '../../../cli/import/plan-report.ts';
import { organizationNumber } from '../../bench/support/records.ts';
import { customerEvent, deletedEvent } from '../../kit/events.ts';
import { EXPORTED, fileOf, temporaryFolder } from './files.ts';

let sandbox: NxtSandbox;
let engine: ReturnType<typeof memoryEngine>;
beforeEach(async () => {
  sandbox = await startNxtSandbox();
  engine = memoryEngine(sandbox);
});
afterEach(() => sandbox.stop());

const [FIRST, SECOND, THIRD, SHARED] = [0, 1, 2, 3].map(organizationNumber) as [string, string, string, string];

const CUSTOMERS = 'crmId;companyName;organizationNumber;customerNumber;city';
const CONTACTS = 'crmId;name;relatedCustomerCrmId;relatedCustomerActorNumber;emailAddress';

async function open(texts: readonly string[], options: ReadOptions = EXPORTED) {
  return Promise.all(texts.map((text) => openImportFile(fileOf(text), options)));
}

async function plan(...texts: readonly (readonly string[])[]): Promise<Plan> {
  return planImport(engine, await open(texts.map((lines) => lines.join('\n'))), EXPORTED);
}

async function imported(...texts: readonly (readonly string[])[]) {
  const files = await open(texts.map((lines) => lines.join('\n')));
  const planned = await planImport(engine, files, EXPORTED);
  const checkpoint = await openCheckpoint(
    temporaryFolder(),
    files.map(({ path }) => path),
  );
  return { planned, report: await runImport(engine, files, EXPORTED, checkpoint, planned.snapshot) };
}

const outcomes = ({ rows }: Plan) => rows.map(({ outcome, why }) => (why === '' ? outcome : `${outcome} ${why}`));
const row = (number: number, seed: RowSeed): RowSeed => ({ associateNo: number, customerNo: 1000 + number, ...seed });

describe('the plan of an import', () => {
  it('says what would be created and with which fields', async () => {
    const { rows } = await plan([CUSTOMERS, `C-1;Port AS;${FIRST};;Larvik`]);
    expect(rows).toEqual([
      {
        file: 'customers.csv',
        line: 2,
        kind: 'customer',
        crmId: 'C-1',
        outcome: 'would-create',
        why: '',
        fields: expect.arrayContaining(['externalId', 'name', 'companyNo', 'postalArea']) as string[],
        candidates: [],
        warnings: [],
        changes: expect.any(Array) as unknown[],
        basis: expect.stringMatching(/./) as string,
      },
    ]);
  });

  it('names values that will not arrive as they stand in the file', async () => {
    const { rows } = await plan([
      'crmId;name;relatedCustomerActorNumber;e-post;mobil',
      'P-1;Kari Nordmann;1;kari(at)example.no;ring meg',
    ]);
    expect(rows[0]?.warnings).toEqual([expect.stringMatching(/^e-post: /), expect.stringMatching(/^mobil: /)]);
    expect(planLines(rows, undefined).join('\n')).toMatch(/1 +e-post: value\./);
  });

  it('says what would be linked, and by which rule', async () => {
    sandbox.seed([
      row(1, { name: 'Ved nummer AS', companyNo: `NO ${FIRST} MVA` }),
      row(2, { name: 'Ved kundenummer AS' }),
      row(3, { name: 'Ved id AS', externalId: 'crm:customer:C-3' }),
      row(4, { name: 'Kommunen, teknisk', companyNo: SHARED }),
      row(5, { name: 'Kommunen, skole', companyNo: SHARED }),
      { associateNo: 6, contactForAssociateNo: 1, name: 'Kari Nordmann', emailAddress: 'kari@example.no' },
      { associateNo: 7, contactForAssociateNo: 1, name: 'Ola Nordmann' },
    ]);
    const planned = await plan(
      [
        CUSTOMERS,
        `C-1;Ved nummer AS;${FIRST};;`,
        'C-2;Ved kundenummer AS;;1002;',
        'C-3;Ved id AS;;;',
        `C-4;Kommunen, skole;${SHARED};;`,
      ],
      [CONTACTS, 'P-1;Kari Nordmann;C-1;;kari@example.no', 'P-2;Ola Nordmann;C-1;;'],
    );
    expect(outcomes(planned)).toEqual([
      'would-link organization-number',
      'would-link customer-number',
      'would-link external-id',
      'would-link organization-number-and-name',
      'would-link customer-email-name',
      'would-link customer-name',
    ]);
    expect(planned.rows.map(({ candidates }) => candidates)).toEqual([[1], [2], [3], [5], [6], [7]]);
  });

  it('says what is linked already, and which fields of it would be updated', async () => {
    await drain(engine, [customerEvent('C-1'), customerEvent('C-2', { organizationNumber: FIRST })]);
    const planned = await plan([
      'crmId;companyName;organizationNumber;city;version',
      'C-1;Port-Service Øst AS;921074352;Larvik;2',
      `C-2;Port-Service Øst AS;${FIRST};Sandefjord;2`,
    ]);
    expect(planned.rows.map(({ outcome, fields }) => [outcome, fields])).toEqual([
      ['linked', []],
      ['would-update', ['postalArea']],
    ]);
  });

  it('says that the mark of a deleted customer goes when the customer comes back', async () => {
    engine = memoryEngine(sandbox, { settings: { NXT_ON_CUSTOMER_DELETED: 'mark' } });
    await drain(engine, [customerEvent('C-1', {}, { occurredAt: '2026-10-01T08:00:00.000Z' })]);
    await drain(engine, [deletedEvent('customer', 'C-1', { version: 2, occurredAt: '2026-10-02T08:00:00.000Z' })]);
    const { rows } = await plan([
      'crmId;companyName;organizationNumber;version',
      'C-1;Port-Service Øst AS;921074352;3',
    ]);
    expect(rows).toMatchObject([{ outcome: 'would-update', fields: ['deletionMark'] }]);
  });

  it('names what a person must settle, with the rows in question', async () => {
    sandbox.seed([
      row(1, { name: 'Etat 1', companyNo: SHARED }),
      row(2, { name: 'Etat 2', companyNo: SHARED }),
      row(3, { name: 'Annen AS', companyNo: SECOND }),
      row(4, { name: 'Opptatt AS', companyNo: THIRD, externalId: 'crm:customer:C-99' }),
      { associateNo: 5, supplierNo: 1, name: 'Leverandør AS' },
    ]);
    const planned = await plan(
      [
        CUSTOMERS,
        `C-1;Etat 3;${SHARED};;`,
        `C-2;Annen AS;${FIRST};1003;`,
        `C-3;Opptatt AS;${THIRD};;`,
        `C-4;Ny AS;${FIRST};;`,
        `C-5;Ny igjen AS;${FIRST};;`,
        `C-6;Annen AS;${SECOND};;`,
      ],
      [CONTACTS, 'P-1;Kari;;77;', 'P-2;Kari;;5;', 'P-3;Kari;C-6;4;', 'P-4;Kari;C-77;;', 'P-5;Kari;C-4;;'],
    );
    expect(outcomes(planned)).toEqual([
      'refused match.ambiguous',
      'refused match.conflict',
      'refused match.already-linked',
      'would-create',
      'refused match.already-linked',
      'would-link organization-number',
      'refused link.not-found',
      'refused match.conflict',
      'refused match.conflict',
      'would-wait customer.missing',
      'would-create with its customer',
    ]);
    expect(planned.rows[0]?.candidates).toEqual([1, 2]);
    expect(planned.rows[8]?.candidates).toEqual([3, 4]);
  });

  it('names invalid rows by line and column', async () => {
    const planned = await plan([CUSTOMERS, 'C-1;;;;', 'C-2;B;;x;', 'C-3;C', 'C-4;D;;;']);
    expect(planned.rows.map(({ line, outcome, why }) => [line, outcome, why])).toEqual([
      [2, 'invalid', 'companyName: value.missing'],
      [3, 'invalid', 'customerNumber: value.invalid'],
      [4, 'invalid', 'row.columns'],
      [5, 'would-create', ''],
    ]);
  });

  it('says what is older than what is applied, and what stands in the files twice', async () => {
    await drain(engine, [customerEvent('C-1', {}, { version: 3 })]);
    const planned = await plan([
      'crmId;companyName;version',
      'C-1;Gammel AS;2',
      'C-2;Ny AS;2',
      'C-2;Eldre AS;1',
      'C-2;Nyest AS;3',
    ]);
    expect(outcomes(planned)).toEqual([
      'superseded',
      'would-create',
      'superseded by line 3',
      'would-update again after line 3',
    ]);
  });

  it('writes nothing, in the ERP or in the ledger', async () => {
    sandbox.seed([row(1, { name: 'Port AS', companyNo: FIRST })]);
    const before = JSON.stringify(sandbox.rows());
    await plan([CUSTOMERS, `C-1;Port AS;${FIRST};;Larvik`, `C-2;Øst AS;${SECOND};;`]);
    const { create, update, delete: deleted } = sandbox.requests.counts.operations;
    expect([create, update, deleted]).toEqual([0, 0, 0]);
    expect(JSON.stringify(sandbox.rows())).toBe(before);
    const kept: unknown[] = [];
    for (const shard of engine.ledger.shards) {
      for await (const listed of engine.ledger.list(shard)) kept.push(listed);
      for await (const state of engine.ledger.listStates(shard)) kept.push(state);
    }
    expect(kept).toEqual([]);
  });

  it('reads the ERP in bulk', async () => {
    sandbox.seed(Array.from({ length: 1200 }, (_, n) => row(n + 1, { name: `Kunde ${n}` })));
    await plan([CUSTOMERS, ...Array.from({ length: 300 }, (_, n) => `C-${n};Kunde ${n};;;`)]);
    expect(sandbox.requests.counts.operations.read).toBeLessThanOrEqual(3);
  });

  it('is the same for the same files, ledger and ERP', async () => {
    sandbox.seed([row(1, { name: 'Port AS', companyNo: FIRST }), row(2, { name: 'Øst AS', companyNo: SECOND })]);
    const file = [CUSTOMERS, `C-1;Port AS;${FIRST};;Larvik`, `C-2;Øst AS;${SECOND};;`, 'C-3;Vest AS;;;'];
    expect(JSON.stringify((await plan(file)).rows)).toBe(JSON.stringify((await plan(file)).rows));
  });
});

describe('an import', () => {
  const customers = [
    CUSTOMERS,
    `C-1;Port AS;${FIRST};;Larvik`,
    `C-2;Øst AS;${SECOND};;`,
    'C-3;;;;',
    `C-4;Etat 9;${SHARED};;`,
    `C-5;Opptatt AS;${THIRD};;`,
  ];
  const contacts = [CONTACTS, 'P-1;Kari Nordmann;C-1;;kari@example.no', 'P-2;Ola Nordmann;C-2;;'];
  const seed = () =>
    sandbox.seed([
      row(1, { name: 'Port AS', companyNo: `NO ${FIRST} MVA`, postalArea: 'OSLO' }),
      row(2, { name: 'Etat 1', companyNo: SHARED }),
      row(3, { name: 'Etat 2', companyNo: SHARED }),
      row(4, { name: 'Opptatt AS', companyNo: THIRD, externalId: 'crm:customer:C-99' }),
    ]);

  it('does what its plan said', async () => {
    seed();
    const { planned, report } = await imported(customers, contacts);
    expect(outcomes(planned)).toEqual([
      'would-link organization-number',
      'would-create',
      'invalid companyName: value.missing',
      'refused match.ambiguous',
      'refused match.already-linked',
      'would-create',
      'would-create with its customer',
    ]);
    expect(report.outcomes).toEqual({ linked: 1, created: 3, invalid: 1, failed: 2 });
    expect(report.failed).toEqual([
      { file: 'customers.csv', line: 5, crmId: 'C-4', code: 'match.ambiguous' },
      { file: 'customers.csv', line: 6, crmId: 'C-5', code: 'match.already-linked' },
    ]);
    expect(sandbox.rows()[0]).toMatchObject({ externalId: 'crm:customer:C-1', postalArea: 'Larvik' });
    expect(sandbox.rows()).toHaveLength(7);
    expect(sandbox.doubles()).toEqual([]);
  });

  it('sends no write the second time, also with another export time', async () => {
    seed();
    await imported(customers, contacts);
    const { create, update } = sandbox.requests.counts.operations;
    const { planned } = await imported(customers, contacts);
    expect(outcomes(planned).filter((each) => each.startsWith('would'))).toEqual([]);
    expect(sandbox.requests.counts.operations).toMatchObject({ create, update });
  });

  it('takes a row that was corrected in the file, though the time of the export is the same', async () => {
    await imported([CUSTOMERS, 'C-1;Kunde 1;;;Larvik', 'C-2;Kunde 2;;;Oslo']);
    const { planned, report } = await imported([CUSTOMERS, 'C-1;Kunde 1;;;Stavern', 'C-2;Kunde 2;;;Oslo']);
    expect(outcomes(planned)).toEqual(['would-update', 'linked by an earlier import of the same row']);
    expect(report.outcomes).toEqual({ updated: 1, repeated: 1 });
    expect(sandbox.rows()[0]).toMatchObject({ postalArea: 'Stavern' });
  });

  it('takes a row that was refused, once the file is corrected', async () => {
    seed();
    await imported([CUSTOMERS, `C-1;Kommunen;${SHARED};;`]);
    const { report } = await imported([CUSTOMERS, `C-1;Kommunen;${SECOND};;`]);
    expect(report.failed).toEqual([]);
    expect(report.outcomes).toEqual({ created: 1 });
  });

  it('creates a customer only after it has asked, also where the plan saw a row with its number', async () => {
    sandbox.seed([
      row(1, { name: 'Lageret', companyNo: FIRST, customerNo: 0, deliveryToAssociateNo: 2 }),
      row(2, { name: 'Havn' }),
    ]);
    const others = Array.from({ length: 400 }, (_, n) => `X-${n};Kunde ${n};;;`);
    const { report } = await imported([CUSTOMERS, `C-1;Port AS;${FIRST};;`, ...others, `C-2;Port AS;${FIRST};;`]);
    expect(report.failed).toMatchObject([{ crmId: 'C-2', code: 'match.already-linked' }]);
    expect(sandbox.rows().filter(({ companyNo }) => companyNo === FIRST)).toHaveLength(2);
  });

  it('begins anew for another company with the same files', async () => {
    const files = await open([[CUSTOMERS, 'C-1;Kunde 1;;;'].join('\n')]);
    const folder = temporaryFolder();
    const paths = files.map(({ path }) => path);
    const [test, real] = [await openCheckpoint(folder, paths, 'test'), await openCheckpoint(folder, paths, 'real')];
    await test.done(paths[0] ?? '', 2);
    expect(real.doneUpTo(paths[0] ?? '')).toBe(0);
    expect((await openCheckpoint(folder, paths, 'real')).doneUpTo(paths[0] ?? '')).toBe(0);
    expect((await openCheckpoint(folder, paths, 'test')).doneUpTo(paths[0] ?? '')).toBe(2);
  });

  it('never overwrites something newer', async () => {
    await drain(engine, [
      customerEvent('C-1', { city: 'Bergen' }, { occurredAt: '2026-11-10T08:00:00.000Z', version: undefined as never }),
    ]);
    const { report } = await imported([CUSTOMERS, 'C-1;Port-Service Øst AS;921074352;;Larvik']);
    expect(report.outcomes).toEqual({ superseded: 1 });
    expect(sandbox.rows()[0]).toMatchObject({ postalArea: 'Bergen' });
  });

  it('goes on after the last line of its checkpoint, which holds line numbers only', async () => {
    const many = [CUSTOMERS, ...Array.from({ length: 700 }, (_, n) => `C-${n};Kunde ${n};;;`)];
    const files = await open([many.join('\n')]);
    const folder = temporaryFolder();
    const paths = files.map(({ path }) => path);
    let taken = 0;
    const stopped = runImport(engine, files, EXPORTED, await openCheckpoint(folder, paths), null, {
      onRow: () => {
        taken += 1;
        if (taken === 650) throw new Error('stopped');
      },
    });
    await expect(stopped).rejects.toThrow('stopped');
    const [name = ''] = readdirSync(folder);
    expect(readFileSync(`${folder}/${name}`, 'utf8')).toBe('{"0":601}');

    const report = await runImport(engine, files, EXPORTED, await openCheckpoint(folder, paths), null);
    expect(report.skipped).toBe(600);
    expect(sandbox.rows()).toHaveLength(700);
    expect(sandbox.doubles()).toEqual([]);
  });

  it('finishes what an import held that was killed, once its lease is over, and the contacts of it', async () => {
    let time = Date.parse('2026-11-21T08:00:00.000Z');
    engine = memoryEngine(sandbox, { now: () => time });
    const files = await open([
      [CUSTOMERS, 'C-1;Kunde 1;;;', 'C-2;Kunde 2;;;'].join('\n'),
      [CONTACTS, 'P-1;Kari Nordmann;C-1;;'].join('\n'),
    ]);
    const asked = Promise.withResolvers<string>();
    const killed: SyncDeps = {
      ...engine,
      erp: {
        ...engine.erp,
        find: () => {
          asked.resolve('asked');
          return new Promise(() => undefined);
        },
      },
    };
    const paths = files.map(({ path }) => path);
    const checkpoint = () => openCheckpoint(temporaryFolder(), paths);
    const never: Promise<unknown> = runImport(killed, files, EXPORTED, await checkpoint(), null);
    await Promise.race([asked.promise, never]);

    const waits: number[] = [];
    const report = await runImport(engine, files, EXPORTED, await checkpoint(), null, {
      onWait: (records) => waits.push(records),
      pause: async (ms) => (time += ms),
    });
    expect(report.outcomes).toEqual({ created: 3 });
    expect(waits[0]).toBe(2);
    expect(time - Date.parse('2026-11-21T08:00:00.000Z')).toBeLessThan(240_000);
    expect(sandbox.rows()).toHaveLength(3);
    expect(sandbox.doubles()).toEqual([]);
  });

  it('leaves a contact without a customer, and an ERP that is away, to the function app', async () => {
    const alone = await imported([CONTACTS, 'P-1;Kari Nordmann;C-9;;']);
    expect(alone.report.outcomes).toEqual({ waiting: 1 });
    await engine.flow.pause('Kari');
    const paused = await imported([CUSTOMERS, 'C-1;Kunde 1;;;']);
    expect(paused.report.outcomes).toEqual({ paused: 1 });
  });

  it('keeps personal values out of plan, report and checkpoint', async () => {
    seed();
    const canary = 'Kanarifugl';
    const { planned, report } = await imported(
      ['crmId;companyName;organizationNumber;address;city', `C-1;${canary} AS;${FIRST};${canary}veien 1;${canary}`],
      [
        'crmId;name;relatedCustomerCrmId;emailAddress;phoneNumber',
        `P-1;${canary};C-1;${canary}@example.no;+4792099720`,
        `P-2;;C-1;${canary}@example.no;`,
      ],
    );
    const said = JSON.stringify([planned.rows, report]);
    expect(said).not.toContain(canary);
    expect(said).not.toContain('92099720');
    expect(sandbox.rows().some(({ name }) => name.includes(canary))).toBe(true);
  });

  it('leaves no message behind for what is done', async () => {
    await imported([CUSTOMERS, `C-1;Port AS;${FIRST};;`]);
    expect(engine.messages.of('crm-changes')).toEqual([]);
  });
});
