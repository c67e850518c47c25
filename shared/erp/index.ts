export type * from './associates/types.ts';
export { EMPTIED } from './associates/rows.ts';
export { createAssociates, type NxtAssociates } from './associates/associates.ts';
export { createCollector, type Job } from './batch/collector.ts';
export { systemClock, type Clock } from './http/clock.ts';
export type { Columns } from './associates/columns.ts';
export type { Gate, Pass } from './limits/gate.ts';
export { createStorageGate } from './limits/budget.ts';
export type { OnVerdict } from './http/verdict.ts';
