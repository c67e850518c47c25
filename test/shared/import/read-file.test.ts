import { describe, expect, it } from 'vitest';
import { ImportFileError, openImportFile } from '../../../shared/import/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { EXPORTED, fileOf, rowsOf } from './files.ts';
import { findColumns } from '../../../shared/import/headers.ts';
import type { ImportRow } from '../../../shared/import/read-file.ts';

/** The values of a row, readable. */
function valuesOf(row: ImportRow | undefined): Record<string, unknown> {
  if (row === undefined || !('change' in row) || row.change.body.op !== 'upsert') throw new Error('not a change');
  return Object.fromEntries(
    Object.entries(row.change.body.values).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );
}

const lines = (rows: readonly ImportRow[]) => rows.map(({ line }) => line);
const problems = (row: ImportRow | undefined) => (row && 'problems' in row ? row.problems : null);

describe('columns', () => {
  it('are found by the names of the events', () => {
    const { kind, headers } = findColumns(['crmId', 'companyName', 'organizationNumber', 'occurredAt'], {
      hasExportTime: false,
    });
    expect(kind).toBe('customer');
    expect([...headers.keys()]).toEqual(['crmId', 'companyName', 'organizationNumber', 'occurredAt']);
  });

  it('are found by Norwegian names, in any case and with blanks, dashes and dots', () => {
    const { headers } = findColumns(['ID', 'Firmanavn', 'Org.nr', 'Post nr', 'POSTSTED', 'Sist-endret'], {
      hasExportTime: false,
    });
    expect(Object.fromEntries(headers)).toEqual({
      crmId: ['ID'],
      companyName: ['Firmanavn'],
      organizationNumber: ['Org.nr'],
      postalCode: ['Post nr'],
      city: ['POSTSTED'],
      occurredAt: ['Sist-endret'],
    });
  });

  it('that name a customer make it a file of contacts', () => {
    const { kind, headers } = findColumns(['id', 'navn', 'kundeId', 'e-post', 'mobil'], { hasExportTime: true });
    expect(kind).toBe('contact');
    expect([...headers.keys()]).toEqual(['crmId', 'name', 'relatedCustomerCrmId', 'emailAddress', 'phoneNumber']);
  });

  it('that are missing are listed all at once, with what was found', () => {
    expect(() => findColumns(['Firmanavn', 'org.nr', 'Kari Nordmann'], { hasExportTime: false })).toThrow(
      'missing columns: crmId, occurredAt (found: Firmanavn, org.nr, and 1 that nobody knows); or give --exported-at',
    );
  });

  it('of which none is known may be a row, and are not repeated', () => {
    const row = () => findColumns(['P-1', 'Kari Nordmann', 'kari@example.no'], { hasExportTime: true });
    expect(row).toThrow(/missing columns: crmId.*is it a header/);
    expect(row).not.toThrow(/Nordmann|kari@/);
  });

  it('that nobody knows are left out, and said', () => {
    expect(findColumns(['crmId', 'navn', 'Omsetning'], { hasExportTime: true }).ignored).toEqual(['Omsetning']);
  });

  it('that mean the same field twice are an error', () => {
    expect(() => findColumns(['crmId', 'Kundenavn', 'Firmanavn'], { hasExportTime: true })).toThrow(
      'two columns for companyName',
    );
  });

  it('are named with the file they are missing in', async () => {
    const file = fileOf('navn\nPort AS\n');
    await expect(openImportFile(file, EXPORTED)).rejects.toThrow(`${file}: missing columns: crmId`);
  });
});

describe('a CSV file', () => {
  it.each([
    ['semicolons', ';'],
    ['commas', ','],
    ['tabs', '\t'],
  ])('may have %s between its cells', async (_, delimiter) => {
    const rows = await rowsOf([`crmId${delimiter}companyName`, `C-1${delimiter}Port AS`].join('\n'));
    expect(valuesOf(rows[0])).toEqual({ companyName: 'Port AS' });
  });

  it('may begin with a byte order mark and end its lines as Windows does', async () => {
    const rows = await rowsOf('\uFEFFcrmId;companyName\r\nC-1;Port AS\r\nC-2;Øst AS\r\n');
    expect(rows.map((row) => valuesOf(row)['companyName'])).toEqual(['Port AS', 'Øst AS']);
    expect(lines(rows)).toEqual([2, 3]);
  });

  it.each([
    ['\\n', '\n'],
    ['\\r\\n', '\r\n'],
  ])('counts its lines where cells hold line breaks and lines are empty (%s)', async (_, end) => {
    const text = ['crmId;companyName;address', 'C-1;A;"Gate 1', 'Etasje 2"', '', 'C-2;B;', 'C-3;C;"x"', ''].join(end);
    const rows = await rowsOf(text);
    expect(lines(rows)).toEqual([2, 5, 6]);
    expect(valuesOf(rows[0])['address']).toBe('Gate 1\nEtasje 2');
  });

  it('may have a delimiter inside quotes, in the header too', async () => {
    const rows = await rowsOf('crmId;companyName;"merknad; intern"\nC-1;"Port; AS";x\n');
    expect(valuesOf(rows[0])).toEqual({ companyName: 'Port; AS' });
  });

  it('says which row has more or fewer cells than the header, instead of moving values into wrong columns', async () => {
    const rows = await rowsOf('crmId;companyName;city\nC-1;Port; AS;Larvik\nC-2;Øst AS\nC-3;Vest AS;Oslo;\n');
    expect(problems(rows[0])).toEqual([{ code: 'row.columns', column: '' }]);
    expect(problems(rows[1])).toEqual([{ code: 'row.columns', column: '' }]);
    expect(valuesOf(rows[2])).toMatchObject({ city: 'Oslo' });
  });

  it('whose quotes do not fit is refused without a word of what it holds', async () => {
    const error: unknown = await rowsOf('crmId;companyName\nC-1;"Hemmelig"AS\n').catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(ImportFileError);
    expect(String(error)).toMatch(/quotes that do not fit, at line 2/);
    expect(JSON.stringify(error) + String(error)).not.toContain('Hemmelig');
  });

  it('that is empty is refused', async () => {
    await expect(rowsOf('')).rejects.toThrow('the file is empty');
  });
});

describe('a file of JSON Lines', () => {
  it('has a row in each line, and rows leave out what they have no value for', async () => {
    const rows = await rowsOf('{"crmId":"C-1","companyName":"A"}\n\n{"crmId":"C-2","companyName":"B","city":"Oslo"}\n');
    expect(lines(rows)).toEqual([1, 3]);
    expect(valuesOf(rows[0])).toEqual({ companyName: 'A' });
    expect(valuesOf(rows[1])).toEqual({ companyName: 'B', city: 'Oslo' });
  });

  it('says which line is no JSON', async () => {
    const rows = await rowsOf('{"crmId":"C-1","companyName":"A"}\n{"crmId":"C-2",\n');
    expect(problems(rows[1])).toEqual([{ code: 'row.malformed', column: '' }]);
  });
});

describe('a row', () => {
  it('takes its time from its own column, else from the export', async () => {
    const rows = await rowsOf('crmId;navn;endret\nC-1;A;2026-10-01T10:00:00+02:00\nC-2;B;\n');
    expect(rows.map((row) => 'change' in row && row.change.key.occurredAt)).toEqual([
      '2026-10-01T08:00:00.000Z',
      '2026-11-01T08:00:00.000Z',
    ]);
  });

  it('leaves what its empty cells would say, or clears it when told so', async () => {
    const text = 'crmId;navn;city;kundenr\nC-1;A;;\n';
    expect(valuesOf((await rowsOf(text))[0])).toEqual({ companyName: 'A' });
    expect(valuesOf((await rowsOf(text, { ...EXPORTED, emptyClears: true }))[0])).toEqual({
      companyName: 'A',
      city: '',
    });
  });

  it('that cannot be used says in which line and column, by the header of the file', async () => {
    const rows = await rowsOf('Post-id;Firmanavn;Kundenr;Endret\nC-1;;1;\nC 2;B;1;\nC-3;C;x;\nC-4;D;1;i går\n');
    expect(rows.map((row) => [row.line, problems(row)])).toEqual([
      [2, [{ code: 'value.missing', column: 'Firmanavn' }]],
      [3, [{ code: 'event.malformed', column: 'Post-id' }]],
      [4, [{ code: 'value.invalid', column: 'Kundenr' }]],
      [5, [{ code: 'event.malformed', column: 'Endret' }]],
    ]);
  });

  it('keeps its event id from import to import, so that a second import is a repeat', async () => {
    const text = 'crmId;navn\nC-1;A\n';
    const [first] = await rowsOf(text);
    const [second] = await rowsOf(text);
    expect(first && 'change' in first && first.change.key).toEqual(second && 'change' in second && second.change.key);
  });
});
