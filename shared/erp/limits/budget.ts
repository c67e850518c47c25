export type { BudgetTable } from './budget-row.ts';
export { createStorageGate, type StorageGateDeps } from './storage-gate.ts';
