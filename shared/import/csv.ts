import { pipeline, Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import type { Encoding } from './encoding.ts';
import { ImportFileError } from './headers.ts';
import { readText } from './text.ts';

export interface CsvRecord {
  /** The line it begins on, the first one being 1. */
  readonly line: number;
  readonly cells: readonly string[];
}

/** The records of a file, its header among them. @throws ImportFileError that says where, never what. */
export async function* readCsv(
  path: string,
  encoding: Encoding,
  { delimiter, headerLine }: { readonly delimiter: string; readonly headerLine: number },
): AsyncGenerator<CsvRecord> {
  const parser = parse({
    delimiter,
    recordDelimiter: '\n',
    info: true,
    raw: true,
    skipEmptyLines: true,
    relaxColumnCount: true,
    fromLine: headerLine,
  });
  // An error of either end comes out of the parser, where the loop below meets it.
  pipeline(Readable.from(readText(path, encoding)), parser, () => undefined);
  try {
    for await (const { record, info, raw } of parser as AsyncIterable<Parsed>) {
      yield { line: info.lines - raw.trim().split('\n').length + 1, cells: record };
    }
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    // The error holds the record; only its kind may leave.
    throw new ImportFileError(`${path}: quotes that do not fit, at line ${Number(error['lines'])} (${error.code})`);
  }
}

interface Parsed {
  readonly record: readonly string[];
  readonly info: { readonly lines: number };
  readonly raw: string;
}

/** What stands between the cells of a header line: whatever of `;`, tab, `,` and `|` it has most. */
export function delimiterOf(header: string): string {
  return [';', '\t', ',', '|'].reduce((best, each) =>
    header.split(each).length > header.split(best).length ? each : best,
  );
}
