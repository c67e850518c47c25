export type * from './api.ts';
export { createCrmClient } from './client.ts';
export { createRefusals, judgeRefusal, type Refusal } from './refusals.ts';
export { createCrmHttp, expectShape, orRefusal, type CrmHttp, type CrmResponse } from './http.ts';
export { createCrmReader, type CrmReader, type ReadRecord } from './reader.ts';
export { writeBack, type WriteBackDeps, type WrittenBack } from './write-back.ts';
