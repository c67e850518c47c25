import path from 'node:path';
import { readRows, type ImportFile, type ReadOptions } from '../../shared/import/index.ts';
import type { Names } from './plan-report.ts';

/** The names of all rows, read again from the files: the plan itself holds none. Only for `--show-values`. */
export async function readNames(files: readonly ImportFile[], options: ReadOptions): Promise<NonNullable<Names>> {
  const names = new Map<string, string>();
  for (const file of files) {
    for await (const row of readRows(file, options, new Date())) {
      if (!('change' in row) || row.change.body.op !== 'upsert') continue;
      const { values } = row.change.body;
      const name = 'companyName' in values ? values.companyName : values.name;
      names.set(`${path.basename(file.path)}:${row.line}`, name.reveal());
    }
  }
  return names;
}
