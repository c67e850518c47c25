export type * from './associates/types.ts';
export { createAssociates, type NxtAssociates, type NxtDeps, type NxtSettings } from './associates/associates.ts';
export { systemClock, type Clock } from './http/clock.ts';
export type { Columns } from './associates/columns.ts';
export type { Fate, Gate, Pass } from './limits/gate.ts';
export { createLocalGate } from './limits/local-gate.ts';
export { createStorageGate } from './limits/budget.ts';
export type { Credentials } from './http/token.ts';
export type { RequestLine } from './http/transport.ts';
