import { describe, expect, it } from 'vitest';
import { ImportFileError, openImportFile, readRows, type ReadOptions } from '../../../shared/import/index.ts';
import { EXPORTED, fileOf, NOW, rowsOf } from './files.ts';
import { Personal } from '../../../shared/privacy/index.ts';

type Row = Awaited<ReturnType<typeof rowsOf>>[number];

function valuesOf(row: Row | undefined): Record<string, unknown> {
  if (row === undefined || !('change' in row) || row.change.body.op !== 'upsert') throw new Error('not a change');
  return Object.fromEntries(
    Object.entries(row.change.body.values).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );
}
const idOf = (row: Row | undefined) => (row && 'change' in row ? row.change.ref.crmId : null);
const warningsOf = (row: Row | undefined) => (row && 'change' in row ? row.warnings : null);
const kindOf = async (header: string, options: Partial<ReadOptions> = {}) =>
  (await openImportFile(fileOf(`${header}\n`), { ...EXPORTED, ...options })).columns.kind;
const CLEARS: ReadOptions = { ...EXPORTED, emptyClears: true };

describe('a cell of blanks', () => {
  const FILE = 'Id;Kundenr;Navn;Orgnr;Adresse;Postnr;Poststed\nBL2;60001;Blank To AS; ;\u00a0; \t ;\u200b\n';

  it('is an empty cell', async () => {
    const [row] = await rowsOf(FILE);
    expect(valuesOf(row)).toEqual({ companyName: 'Blank To AS', customerNumber: 60_001 });
    expect(warningsOf(row)).toEqual([]);
  });

  it('clears with --empty-clears', async () => {
    expect(valuesOf((await rowsOf(FILE, CLEARS))[0])).toMatchObject({ address: '', postalCode: '', city: '' });
  });

  it('is one in JSON too', async () => {
    const [row] = await rowsOf('{"crmId":"BL2","companyName":"Blank To AS","city":"  ","address":null}\n');
    expect(valuesOf(row)).toEqual({ companyName: 'Blank To AS' });
  });
});

describe('a word for nothing', () => {
  const HEADER = 'Id;Navn;Orgnr;Adresse;Postnr;Poststed';

  it.each([EXPORTED, CLEARS])('is no value and clears nothing (%o)', async (options) => {
    const rows = await rowsOf(`${HEADER}\nZ3;Mandel Konfekt AS;861234509;NULL;#REF!;(null)\n`, options);
    expect(valuesOf(rows[0])).toEqual({
      companyName: 'Mandel Konfekt AS',
      organizationNumber: expect.objectContaining({ digits: '861234509' }) as unknown,
    });
    expect(warningsOf(rows[0])).toEqual([
      { code: 'value.placeholder', column: 'Adresse' },
      { code: 'value.placeholder', column: 'Postnr' },
      { code: 'value.placeholder', column: 'Poststed' },
    ]);
  });

  it('is no name', async () => {
    const [row] = await rowsOf(`${HEADER}\nZ4;#N/A;#REF!;#N/A;#REF!;NULL\n`);
    expect(row).toMatchObject({ problems: [{ code: 'value.missing', column: 'Navn' }, {}, {}, {}, {}, {}] });
  });

  it.each(['NULL', 'null', '(NULL)', '<null>', '[NULL]', '\\N', '#N/A', '#I/T', '#VERDI!', '#DIV/0!', '#NAVN?', 'NaN'])(
    'may be %s',
    async (word) => {
      expect(valuesOf((await rowsOf(`Id;Firmanavn;Poststed\n1;A;${word}\n`))[0])).toEqual({ companyName: 'A' });
    },
  );

  it.each(['Null', 'Nan', '#1', 'Nullmyra', '# REF', 'N/A-bygget'])('is not %s', async (word) => {
    expect(valuesOf((await rowsOf(`Id;Firmanavn;Poststed\n1;A;${word}\n`))[0])).toMatchObject({ city: word });
  });
});

describe('a first line that names the separator', () => {
  it.each([
    ['sep=;', ';'],
    ['\ufeffsep=;', ';'],
    ['SEP=,', ','],
    ['"sep=|"', '|'],
    ['sep=\t', '\t'],
    ['sep=;;;', ';'],
  ])('is skipped, and its separator used: %j', async (first, separator) => {
    const rows = await rowsOf(
      [first, ['Id', 'Navn', 'Adresse'].join(separator), ['1', 'Sep AS', 'Gata 1'].join(separator)].join('\r\n'),
    );
    expect(rows.map(({ line }) => line)).toEqual([3]);
    expect(valuesOf(rows[0])).toEqual({ companyName: 'Sep AS', address: 'Gata 1' });
  });

  it('counts more than what the header holds most of', async () => {
    const [row] = await rowsOf('sep=|\nId|Navn|Notat; intern, gammel; x\n1|A, B; C|x\n');
    expect(valuesOf(row)).toEqual({ companyName: 'A, B; C' });
  });
});

describe('several columns for one field', () => {
  const FILE = [
    'Id,KundeId,Name,Telefon,Mobil,E-Mail',
    '1,Z3,Anita Prøve,,920 11 448,post@example.ch',
    '2,Z3,Bo Prøve,33 18 00 02,920 11 449,bo@example.ch',
    '3,Z3,Cecilie Prøve, ,NULL,',
  ].join('\n');

  it('give the first that has a value', async () => {
    const rows = await rowsOf(FILE);
    expect(rows.map((row) => valuesOf(row)['phoneNumber'])).toEqual(['+4792011448', '+4733180002', undefined]);
  });

  it('are named where something is wrong with the one that was read', async () => {
    const [row] = await rowsOf('Id,KundeId,Name,Telefon,Mobil\n1,Z3,Anita,,ring meg\n');
    expect(warningsOf(row)).toEqual([{ code: 'value.taken-as-text', column: 'Mobil' }]);
  });

  it('clear when all are empty', async () => {
    const rows = await rowsOf('Id,KundeId,Name,Telefon,Mobil\n1,Z3,Anita,,\n2,Z3,Bo,,NULL\n', CLEARS);
    expect(rows.map((row) => valuesOf(row)['phoneNumber'])).toEqual(['', undefined]);
  });

  it('may have one header', async () => {
    const [row] = await rowsOf('Id,KundeId,Name,Telefon,Telefon\n1,Z3,Anita,,920 11 448\n');
    expect(valuesOf(row)).toMatchObject({ phoneNumber: '+4792011448' });
  });

  it.each([
    ['crmId', 'Id;Post-ID;Firmanavn'],
    ['customerNumber', 'Id;Kundenr;Kundenummer;Firmanavn'],
    ['companyName', 'Id;Firmanavn;Kundenavn'],
  ])('are refused for %s: another thing, not another spelling', async (field, header) => {
    await expect(rowsOf(`${header}\n1;2;3\n`)).rejects.toThrow(`two columns for ${field}`);
  });
});

describe('an id', () => {
  it.each([
    ['__export__.res_partner_172_7a1a6fdb', '__export__.res_partner_172_7a1a6fdb'],
    ['{a16b3f4b-1f2e-4c3d-9b8a-001122334455}', 'a16b3f4b-1f2e-4c3d-9b8a-001122334455'],
    ['BL4   ', 'BL4'],
  ])('%j is taken', async (text, id) => {
    expect(idOf((await rowsOf(`Id;Firmanavn\n${text};A\n`))[0])).toBe(id);
    const [contact] = await rowsOf(`Id;Navn;Kunde-ID\nP-1;Kari;${text}\n`);
    expect(valuesOf(contact)).toMatchObject({ relatedCustomerCrmId: id });
  });
});

describe('JSON', () => {
  it('may be one array, however it is printed', async () => {
    const array = [
      { crmId: 'X27', companyName: 'Array "[{,}]" AS' },
      { crmId: 'X28', companyName: 'Øst AS', city: 'Oslo' },
    ];
    for (const text of [
      JSON.stringify(array),
      JSON.stringify(array, null, 1),
      `\n\n${JSON.stringify(array, null, '\t')}\n`,
    ]) {
      const rows = await rowsOf(text);
      expect(rows.map(idOf)).toEqual(['X27', 'X28']);
      expect(valuesOf(rows[0])).toEqual({ companyName: 'Array "[{,}]" AS' });
    }
  });

  it('names the line on which an item begins', async () => {
    const rows = await rowsOf('[\n {\n  "crmId": "X27",\n  "companyName": "Array AS"\n },\n 7,\n {"crmId": }\n]\n');
    expect(rows.map(({ line }) => line)).toEqual([2, 6, 7]);
    expect(rows.slice(1)).toMatchObject([
      { problems: [{ code: 'row.malformed' }] },
      { problems: [{ code: 'row.malformed' }] },
    ]);
  });

  it('may have numbers where texts belong', async () => {
    const [row] = await rowsOf(
      '[{"crmId":10000,"companyName":"A","organizationNumber":921074352,"postalCode":3270,"version":7}]',
    );
    expect(idOf(row)).toBe('10000');
    expect(valuesOf(row)).toMatchObject({ organizationNumber: { digits: '921074352' }, postalCode: '3270' });
    expect(row && 'change' in row && row.change.key.version).toBe(7);
  });

  it('that does not end is refused', async () => {
    await expect(rowsOf('[{"crmId":"X27","companyName":"A"}')).rejects.toThrow('the JSON array does not end');
  });

  it('of another form is refused, with what to do', async () => {
    const error: unknown = await rowsOf('{\n "value": [{"crmId":"X27"}]\n}\n').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImportFileError);
    expect(String(error)).toContain('JSON Lines, one object a line, or one JSON array');
  });
});

describe('the kind of a file', () => {
  it.each([
    ['customer', 'Kunde-ID;Firmanavn;Orgnr'],
    ['customer', 'Kunde-ID;Navn;Adresse;Postnr;Poststed;Telefon;E-post'],
    ['customer', 'Id;Navn'],
    ['customer', 'Id;Navn;Orgnr;Telefon;E-post'],
    ['customer', 'Id;Kunde-ID;Firmanavn;Orgnr'],
    ['contact', 'Id;Kunde-ID;Navn'],
    ['contact', 'Id;Kunde-ID;Navn;E-post;Telefon'],
    ['contact', 'Id;Navn;Kunde-ID;Kundenavn;E-post'],
    ['contact', 'Id;Navn;Kunde-ID;Kundenr;E-post'],
  ])('is %s for %s', async (kind, header) => {
    expect(await kindOf(header)).toBe(kind);
  });

  it.each([
    ['Kunde-ID;Navn', 'customer'],
    ['Kunde-ID;Navn;E-post', 'customer'],
    ['Id;Navn;E-post;Telefon', 'contact'],
    ['Id;Navn;Kundenavn;E-post', 'contact'],
    ['Id;Kunde-ID;Navn;Orgnr', 'customer'],
  ] as const)('is asked for where the headers do not tell: %s', async (header, kind) => {
    await expect(kindOf(header)).rejects.toThrow('say --customers or --contacts');
    expect(await kindOf(header, { kind })).toBe(kind);
  });

  it('is what a person says of one file, and of several only where the headers do not tell', async () => {
    expect(await kindOf('Id;Kunde-ID;Navn;E-post', { kind: 'customer' })).toBe('contact');
    expect(await kindOf('Id;Kunde-ID;Navn;E-post', { kind: 'customer', kindIsSure: true })).toBe('customer');
  });

  it('of customers takes Kunde-ID as the id only where there is no other', async () => {
    expect(idOf((await rowsOf('Kunde-ID;Firmanavn\nK-1;A\n'))[0])).toBe('K-1');
    const file = await openImportFile(fileOf('Id;Kunde-ID;Firmanavn\n7;K-1;A\n'), EXPORTED);
    expect(file.columns.ignored).toEqual(['Kunde-ID']);
    for await (const row of readRows(file, EXPORTED, NOW)) expect(idOf(row)).toBe('7');
  });
});

describe('a file that is not UTF-8', () => {
  const TEXT = 'Id;Firmanavn;Poststed\r\n1;Ærlig Bølge «Å» – Café AS;TØNSBERG\r\n';
  const windows1252 = (text: string) =>
    Uint8Array.from(Array.from(text, (letter) => (letter === '–' ? 0x96 : letter.charCodeAt(0))));

  it.each([
    ['UTF-16, little endian', Buffer.from(`\ufeff${TEXT}`, 'utf16le')],
    ['UTF-16, big endian', Buffer.from(`\ufeff${TEXT}`, 'utf16le').swap16()],
    ['UTF-16 without a byte order mark', Buffer.from(TEXT, 'utf16le')],
    ['Windows-1252', windows1252(TEXT)],
  ])('is read where its bytes prove what it is: %s', async (_, bytes) => {
    const rows = await rowsOf(bytes);
    expect(valuesOf(rows[0])).toEqual({ companyName: 'Ærlig Bølge «Å» – Café AS', city: 'TØNSBERG' });
    expect(rows.map(({ line }) => line)).toEqual([2]);
  });

  it.each([
    ['DOS (code page 865)', [0x9b, 0x86]],
    ['Mac', [0xbf, 0x8c]],
    ['no Norwegian letter', [0xe9]],
    ['a byte that Windows-1252 does not have', [0xf8, 0x81]],
  ])('is refused where they do not, with what to do: %s', async (_, letters) => {
    const bytes = Uint8Array.from([...Buffer.from('Id;Firmanavn\n1;A'), ...letters, 0x0a]);
    await expect(rowsOf(bytes)).rejects.toThrow('save it as "CSV UTF-8');
  });

  it('is found wherever in the file the letter stands', async () => {
    const rows = Array.from({ length: 20_000 }, (_, n) => `${n};Firma ${n} AS`).join('\n');
    const bytes = windows1252(`Id;Firmanavn\n${rows}\nx;Øst AS\n`);
    expect(valuesOf((await rowsOf(bytes)).at(-1))).toEqual({ companyName: 'Øst AS' });
  });
});

describe('headers', () => {
  it('lose what a terminal would obey', async () => {
    const file = await openImportFile(fileOf('Id;Firmanavn;\u001b[31mNotat\u202e\u0007\n'), EXPORTED);
    expect(file.columns.ignored).toEqual(['[31mNotat']);
  });
});
