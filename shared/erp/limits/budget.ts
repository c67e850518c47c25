export type { BudgetTable } from './budget-row.ts';
export { createStorageGate } from './storage-gate.ts';
