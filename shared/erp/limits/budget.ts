export { createStorageGate } from './storage-gate.ts';
