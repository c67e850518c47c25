export { openCheckpoint } from './checkpoint.ts';
export { ImportFileError } from './headers.ts';
export { planImport, type Plan } from './plan.ts';
export { approvedRows, leftOut, placeOf, type ApprovedRow, type LeftOut } from './approval.ts';
export type { PlannedRow } from './planned-row.ts';
export { openImportFile, readRows, type ImportFile, type ReadOptions } from './read-file.ts';
export { runImport } from './run.ts';
