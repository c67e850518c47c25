export { createCrmClient } from './client.ts';
export { createRefusals } from './refusals.ts';
export { writeBack, type WriteBackDeps, type WrittenBack } from './write-back.ts';
