import { describe, expect, it } from 'vitest';
import { rowsOf } from './files.ts';
import { ImportFileError } from '../../../shared/import/index.ts';

const idsOf = async (contents: string | Uint8Array) =>
  (await rowsOf(contents)).map((row) => ('change' in row ? row.change.ref.crmId : row.problems[0]?.code));
const HEADER = 'Id;Navn;Adresse';

describe('a file', () => {
  it.each([
    ['with carriage returns alone', 'Id;Navn\rA;X AS\rB;Y AS\r', ['A', 'B']],
    ['with bars', 'Id|Navn|Adresse\nA|X AS|Gata 1; 2\n', ['A']],
    ['with rows of nothing, as spreadsheets leave behind', `${HEADER}\n;;\n; ;\n\nA;X;G\n;;;;;\n`, ['A']],
    [
      'with columns without a name, which rows may leave out',
      `${HEADER};;\nA;X;G;;\nB;Y;H\nC;Z;I;;;;\n`,
      ['A', 'B', 'C'],
    ],
    ['with rows that lack a column', `${HEADER}\nA;X\n`, ['row.columns']],
    ['in UTF-16 without a mark', Buffer.from(`${HEADER}\nA;Åre AS;\n`, 'utf16le').swap16(), ['A']],
  ])('%s', async (_, contents, expected) => {
    expect(await idsOf(contents)).toEqual(expected);
  });

  it.each([
    ['an Excel workbook', Buffer.from('504b030414000600', 'hex'), /Excel workbook; .*CSV UTF-8/],
    ['an old Excel workbook', Buffer.from('d0cf11e0a1b11ae1', 'hex'), /Excel workbook/],
    [
      'rows of two encodings',
      Buffer.concat([Buffer.from(`${HEADER}\nA;Åre AS;\n`), Buffer.from('B;Ås AS;\n', 'latin1')]),
      /neither UTF-8 nor surely another/,
    ],
    [
      'half a character at its end',
      Buffer.concat([Buffer.from(`\ufeff${HEADER}\n`, 'utf16le'), Buffer.from('A')]),
      /half/,
    ],
  ])('is refused with what to do: %s', async (_, contents, message) => {
    const reading = () => rowsOf(contents);
    await expect(reading()).rejects.toThrow(ImportFileError);
    await expect(reading()).rejects.toThrow(message);
  });
});
