export type { ContactData, CrmEvent, CustomerData } from './change-events.ts';
export type { CrmFault, CrmFaults } from './faults.ts';
export type { ContactNumbers, CrmCall, CustomerNumbers, RecordKind, Records } from './records.ts';
export { SAMPLE_CHANGES } from './sample-changes.ts';
export { type ChangeAnswer, sendChanges, type SendChangesOptions } from './send-changes.ts';
export { type CrmSimulator, type CrmSimulatorOptions, startCrmSimulator } from './simulator.ts';
