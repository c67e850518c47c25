/**
 * A stand-in for Visma Business NXT that executes a real GraphQL schema, with the limits, error shapes and accidents a
 * client has to live with. Not simulated: edit cache, async operations, `useModel`, joins, aggregates, directives
 * `@export`/`@dependsOn`.
 */
export { manualClock, type ManualClock, type SandboxClock, systemClock } from './clock.ts';
export type { ColumnKey, RowSeed, SandboxRow } from './columns.ts';
export type { Delivery } from './dispatcher.ts';
export type { Double } from './doubles.ts';
export type { Downtime, Fault, FaultInput, Faults, Landing } from './faults.ts';
export {
  type FailedItems,
  type Latency,
  type RowErrorMode,
  SANDBOX_CLIENT_ID,
  SANDBOX_CLIENT_SECRET,
  SANDBOX_COMPANY_NO,
  type SandboxOptions,
  type TableChangeTarget,
} from './options.ts';
export type { Counters, RequestEntry, Requests } from './requests.ts';
export { SAMPLE_ROWS } from './sample-rows.ts';
export { type NxtSandbox, startNxtSandbox } from './sandbox.ts';
export { READ_ONLY_SCOPE, READ_WRITE_SCOPE } from './tokens.ts';
