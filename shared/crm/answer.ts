import type { Refusal } from './refusals.ts';

/**
 * `written`: the CRM itself said 2xx to our own request. `refused`: it will not take them (409, 412 or another 4xx), which is
 * listed, not retried. `unknown-record`: it has no such record any more (404, 410). `unauthorized` (401, 403) and
 * `redirected` (3xx): the record's own, or everybody's.
 */
export type CrmAnswer = 'written' | 'unknown-record' | 'refused' | Refusal;
