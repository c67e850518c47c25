export type { FailedRecord, FailureGroup } from './failures.ts';
export {
  createOperations,
  SelectionChanged,
  tally,
  type Actor,
  type FailureList,
  type Operations,
  type ReplayAnswer,
} from './operations.ts';
export type { AppliedPlan, PlannedList } from './planned.ts';
export type { PlanOutcome } from './plan-record.ts';
export { MOST_PLANS, type RecordPlan } from './plans.ts';
export type { RecordEvent, RecordLife, RecordStands } from './record.ts';
export type { Replayed, ReplayResult } from './replay.ts';
export { recordText, type Selection } from './selection.ts';
export { stopsForPerson, type Status } from './status.ts';
export type { Freed, Waiting } from './waiting.ts';
export type { BothSides } from './both-sides.ts';
export type { Found } from './find.ts';
export type { Note } from './notes.ts';
export type { OpenFields } from './open-fields-of.ts';
export type { ReconcileKind, ReconcileLine } from './reconcile.ts';
export { RECONCILE_KINDS, type Difference, type Differences } from './differences.ts';
export { reconcileWhenDue } from './reconcile-weekly.ts';
export type { FieldChoice, SettledField } from '../way-back/settle-field.ts';
