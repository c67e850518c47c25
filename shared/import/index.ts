export { openCheckpoint, type Checkpoint } from './checkpoint.ts';
export { findColumns, ImportFileError } from './headers.ts';
export { planImport, type Plan, type PlannedRow } from './plan.ts';
export { openImportFile, type ImportFile, type ReadOptions } from './read-file.ts';
export { runImport, type ImportReport } from './run.ts';
