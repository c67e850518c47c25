export type { AccessAnswer } from './access.ts';
export { accessFacts, accessPage } from './answer/access-page.ts';
export { receiptText, type Language } from './answer/receipt-text.ts';
export type { Erased } from './erase.ts';
export type { Customer, PersonQuery } from './find-person.ts';
export { createRights, type Request, type Rights } from './operations.ts';
export { createReceipts, REQUESTERS, type Receipt, type Requester, type Right } from './receipts.ts';
export type { PrivacyReport } from './report.ts';
