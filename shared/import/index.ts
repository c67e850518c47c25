export { openCheckpoint } from './checkpoint.ts';
export { findColumns, ImportFileError } from './headers.ts';
export { planImport, type Plan, type PlannedRow } from './plan.ts';
export { openImportFile, readRows, type ImportFile, type ImportRow, type ReadOptions } from './read-file.ts';
export { runImport } from './run.ts';
