export type * from './types.ts';
export { createAssociates, type NxtAssociates, type NxtDeps, type NxtSettings } from './associates.ts';
export { systemClock, type Clock } from './clock.ts';
export type { Columns } from './columns.ts';
export type { Fate, Gate, Pass } from './gate.ts';
export { createLocalGate } from './local-gate.ts';
export { createStorageGate } from './budget/index.ts';
export type { Credentials } from './token.ts';
export type { RequestLine } from './transport.ts';
