import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from '../../cli/command.ts';
import { startWorld, type World } from '../../kit/world.ts';
import { fileOf, temporaryFolder } from './files.ts';

// Files as they were found in the world, played whole: the command, the plan, the ERP.

let world: World;
beforeEach(async () => {
  world = await startWorld();
});
afterEach(() => world.stop());

const FLAGS = ['--exported-at', '2026-11-01T08:00:00Z', '--apply'];

async function run(text: string, ...flags: readonly string[]) {
  const out = path.join(temporaryFolder(), 'import.plan.json');
  const { out: said, err } = await command(world, 'import', fileOf(text), '--out', out, ...FLAGS, ...flags);
  return said + err;
}

const rows = () => world.sandbox.rows();
const named = (name: string) => rows().find((row) => row.name === name);

describe('cells of one blank (exports of fixed-width systems)', () => {
  const HELD = { companyNo: '921234511', addressLine1: 'Gata 2', postCode: '3111', postalArea: 'TØNSBERG' };
  const FILE = 'Id;Kundenr;Navn;Orgnr;Adresse;Postnr;Poststed\nBL2;60001;Blank To AS; ; ; ; \n';

  beforeEach(() => {
    world.sandbox.seed([{ customerNo: 60_001, name: 'Blank To AS', ...HELD }]);
  });

  it('leave what the ERP holds', async () => {
    await run(FILE);
    expect(rows()).toMatchObject([{ externalId: 'crm:customer:BL2', ...HELD }]);
  });

  it('clear it with --empty-clears', async () => {
    await run(FILE, '--empty-clears');
    expect(rows()).toMatchObject([{ externalId: 'crm:customer:BL2', addressLine1: '', postCode: '', postalArea: '' }]);
  });
});

describe('an organisation number that is an identity number', () => {
  it('reaches neither the ERP nor the storage, also without its zero or in scientific notation', async () => {
    const said = await run(
      'Id;Navn;Org.nr\nY6;Enkelt En;010190–12345\nY7;Enkelt To;5115460872\nY8;Enkelt Fire;05115460872\nY9;Enkelt Tre;5,11546E+09\n',
    );
    expect(said).toMatch(/3 +Org\.nr: value\.national-id-dropped/);
    expect(said).toMatch(/1 +Org\.nr: value\.not-an-organization-number/);
    expect(named('Enkelt En')).toMatchObject({ companyNo: '' });
    expect(named('Enkelt To')).toMatchObject({ companyNo: '' });
    expect(named('Enkelt Fire')).toMatchObject({ companyNo: '' });
    expect(JSON.stringify([rows(), await world.rows()])).not.toMatch(/5115460872|010190.?12345/);
  });
});

describe('words for nothing (exports of databases and spreadsheets)', () => {
  it('are no values, and no company is made of them', async () => {
    world.sandbox.seed([
      {
        customerNo: 60_003,
        name: 'Mandel Konfekt AS',
        companyNo: '861234509',
        addressLine1: 'Gata 3',
        postalArea: 'OSLO',
      },
    ]);
    const said = await run(
      'Id;Navn;Orgnr;Adresse;Postnr;Poststed\nZ3;Mandel Konfekt AS;861234509;NULL;NULL;(null)\nZ4;#N/A;#REF!;#N/A;#REF!;NULL\n',
    );
    expect(said).toMatch(/1 +Adresse: value\.placeholder/);
    expect(rows()).toMatchObject([
      { externalId: 'crm:customer:Z3', addressLine1: 'Gata 3', postalArea: 'OSLO', postCode: '' },
    ]);
  });
});

describe('letters that were lost, or encoded twice', () => {
  it('are not written; a name makes the row invalid', async () => {
    world.sandbox.seed([
      { customerNo: 60_004, name: 'Jordhagen AS', companyNo: '851234535', addressLine1: 'Åsveien 1' },
    ]);
    const said = await run(
      'Id;Navn;Orgnr;Adresse\nY4;Jordhagen AS;851234535;\ufffdsveien 1\nY5;J\ufffdrhagen AS;851234543;Gata 1\nY6;Klover AS;;RÃ¸dbÃ¸lveien 22\n',
    );
    expect(said).toContain('Navn: value.broken-letters');
    expect(said).toMatch(/1 +Adresse: value\.broken-letters/);
    expect(said).toMatch(/1 +Adresse: value\.looks-encoded/);
    expect(rows().map(({ name, addressLine1 }) => [name, addressLine1])).toEqual([
      ['Jordhagen AS', 'Åsveien 1'],
      ['Klover AS', 'RÃ¸dbÃ¸lveien 22'],
    ]);
  });
});

describe('forms of files', () => {
  it.each([
    ['a line that names the separator', 'sep=;\nId;Navn;Adresse\n10000;Sep AS;Gata 1\n'],
    [
      'an array, printed over many lines',
      '[\n {\n  "crmId": "10000",\n  "companyName": "Sep AS",\n  "address": "Gata 1"\n }\n]\n',
    ],
    ['the id as Kunde-ID', 'Kunde-ID;Firmanavn;Adresse\n10000   ;Sep AS;Gata 1\n'],
  ])('%s', async (_, text) => {
    await run(text);
    expect(rows()).toMatchObject([{ externalId: 'crm:customer:10000', name: 'Sep AS', addressLine1: 'Gata 1' }]);
  });

  it('a file whose kind cannot be told is refused until a person says it', async () => {
    world.sandbox.seed([{ customerNo: 60_005, name: 'Eik AS' }]);
    const text = 'Id;Navn;Kunde-ID;Orgnr\nP-1;Kari Nordmann;K-1;921074352\n';
    expect(await run(text)).toContain('say --customers or --contacts');
    expect(rows()).toHaveLength(1);
    expect(await run(text, '--customers', '--contacts')).toContain('cannot be used with');
    expect(await run(text, '--contacts')).toMatch(/1 +contact would-wait/);
  });
});
