export type * from './types.ts';
export { addressLines } from './formats/address.ts';
export { canonicalFields } from './canonical.ts';
export {
  nameForMatching,
  sameCity,
  sameEmail,
  sameName,
  sameOrganizationNumber,
  samePhone,
  sameText,
} from './equality.ts';
export { type FoldedChanges, foldChanges } from './fold.ts';
export { isCrmId } from './ids.ts';
export { compareKeys } from './order.ts';
export { organizationDigits } from './formats/organization-number.ts';
export { type ParsedChanges, parseChanges } from './parse.ts';
export type { ProblemCode } from './reading.ts';
export { contactEvent, customerEvent, deletedEvent, eventsRequest } from './schema.ts';
export { fromStored, StoredBodyError, toStored } from './stored.ts';
