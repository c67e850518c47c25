export type * from './types.ts';
export { type AddressLines, addressLines } from './address.ts';
export { canonicalFields, type ContactField, type CustomerField, type ValueField } from './canonical.ts';
export {
  nameForMatching,
  sameCity,
  sameEmail,
  sameName,
  sameOrganizationNumber,
  samePhone,
  sameText,
} from './equality.ts';
export { type Folded, type FoldedChanges, foldChanges } from './fold.ts';
export { isAssociateNo, isCrmId, isCustomerNo } from './ids.ts';
export { compareKeys, type KeyOrder } from './order.ts';
export { organizationDigits } from './organization-number.ts';
export { type ParsedChanges, parseChanges } from './parse.ts';
export { phoneE164 } from './phone.ts';
export type { ProblemCode, WarningCode } from './reading.ts';
export { anyEvent, contactEvent, customerEvent, deletedEvent, eventsRequest, MAX_EVENTS } from './schema.ts';
export { fromStored, StoredBodyError, toStored } from './stored.ts';
