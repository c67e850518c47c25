export { access, type AccessAnswer, type HeldHere, type HeldInErp } from './access.ts';
export { erase, finishErasure, undoErasure, type Erased } from './erase.ts';
export { findPerson, type Customer, type Person, type PersonQuery } from './find-person.ts';
export { createReceipts, REQUESTERS, type Receipt, type Receipts, type Requester, type Right } from './receipts.ts';
export { decideObjection, restrict, unrestrict, type Held } from './restrict.ts';
