export { applyChange, type Applied } from './apply.ts';
export { createBrake } from './brake.ts';
export type { SyncDeps } from './deps.ts';
export { discard, listFailures, replay, type Replayed, type ReplayOptions, type Selection } from './failures.ts';
export { createHasher } from './hash.ts';
export { acceptChanges, type Accepted } from './intake.ts';
export { forgetDeleted } from './retention.ts';
export { MOST_DEQUEUES, sweepSchedule } from './schedule.ts';
export { sweep, type SweepReport } from './sweep.ts';
