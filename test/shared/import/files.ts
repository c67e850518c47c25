import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { openImportFile, readRows, type ReadOptions } from '../../../shared/import/index.ts';
import type { ImportRow } from '../../../shared/import/read-file.ts';

/** A folder that is gone after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'import-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return folder;
}

/** A file of these contents, gone after the test. */
export function fileOf(contents: string | Uint8Array, name = 'customers.csv'): string {
  const file = path.join(temporaryFolder(), name);
  writeFileSync(file, contents);
  return file;
}

export const EXPORTED: ReadOptions = { exportedAt: '2026-11-01T08:00:00.000Z', emptyClears: false };
export const NOW = new Date('2026-11-21T08:00:00.000Z');

export async function rowsOf(contents: string | Uint8Array, options: ReadOptions = EXPORTED): Promise<ImportRow[]> {
  const rows: ImportRow[] = [];
  for await (const row of readRows(await openImportFile(fileOf(contents), options), options, NOW)) rows.push(row);
  return rows;
}
