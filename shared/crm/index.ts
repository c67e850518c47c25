export { createCrmClient } from './client.ts';
export { writeBack, type WriteBackDeps, type WrittenBack } from './write-back.ts';
