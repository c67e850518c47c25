export type * from './types.ts';
export { CONTACT_FIELDS, CUSTOMER_FIELDS } from './catalogue.ts';
export { OWNERS, type ErpColumn, type Owner } from './field.ts';
export { sameEmail, samePhone, samePostalCode, sameText, sharesEmail } from './equality.ts';
export {
  canonicalText,
  carried,
  canonicalFields,
  SAME_IN_COLUMN,
  type WantedField,
  wantedFields,
  WRITTEN_FIELDS,
} from './written.ts';
export { type FoldedChanges, foldChanges, parseChanges } from './parse.ts';
export { isAssociateNo, isCrmId } from './ids.ts';
export { normalize } from './normalize.ts';
export { compareKeys } from './order.ts';
export { phoneText } from './formats/phone.ts';
export { companyNameKey, followsName, namesAgree, sameCompanyName, sameName } from './formats/name.ts';
export { holdsNationalId } from './formats/national-id.ts';
export {
  isANumber,
  isNationalIdInstead,
  organizationDigits,
  organizationNumber,
} from './formats/organization-number.ts';
export { emailsOf, idKey, phoneOf, reachedBy } from './person-keys.ts';
export { REPORTED } from './field-reader.ts';
export { eventsRequest } from './schema.ts';
export { fromStored, StoredBodyError, storedOp, toStored } from './stored.ts';
export { cleanLine } from './formats/text.ts';
