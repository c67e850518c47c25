import path from 'node:path';
import { readKnown } from './known.ts';
import { Planner, type Accepts, type PlanDeps } from './planner.ts';
import type { PlannedRow } from './planned-row.ts';
import { readRows, type ImportFile, type ReadOptions } from './read-file.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';

export interface Plan {
  readonly rows: readonly PlannedRow[];
  readonly snapshot: Snapshot;
}

/**
 * Decides each row with the engine's own decision, against one bulk read of the ERP; nothing is written, in the ERP or
 * in the ledger. The same files, ledger and ERP give the same plan.
 */
export async function planImport(
  deps: PlanDeps,
  files: readonly ImportFile[],
  options: ReadOptions,
  onProgress: (what: 'erp' | 'rows', count: number) => void = () => undefined,
  accepts: Accepts = () => false,
): Promise<Plan> {
  const known = await readKnown(deps.ledger);
  const snapshot = await takeSnapshot(deps.erp, deps.now, (rows) => onProgress('erp', rows));
  const planner = new Planner(deps, known, snapshot, accepts);
  const rows: PlannedRow[] = [];
  for (const file of customersFirst(files)) {
    for await (const row of readRows(file, options, new Date(deps.now()))) {
      rows.push({ file: path.basename(file.path), ...(await planner.plan(row)) });
      onProgress('rows', rows.length);
    }
  }
  return { rows, snapshot };
}

/** A contact goes after its customer. */
export const customersFirst = (files: readonly ImportFile[]): readonly ImportFile[] =>
  [...files].sort((a, b) => Number(a.columns.kind === 'contact') - Number(b.columns.kind === 'contact'));
