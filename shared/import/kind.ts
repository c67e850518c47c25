import type { Kind } from '../record/index.ts';
import { CONTACT, CUSTOMER } from './fields.ts';

/**
 * Whether a file holds customers or contacts, by its headers; null when they do not tell. A person's file names a
 * customer beside the person; a company's file has an organisation or customer number, a company's name or a place.
 * @param folded headers as in `fields.ts`.
 */
export function kindOf(folded: readonly string[]): Kind | null {
  const has = (names: readonly string[] | undefined): boolean => folded.some((header) => names?.includes(header));
  const { name, relatedCustomerCrmId, relatedCustomerActorNumber, emailAddress, phoneNumber } = CONTACT;
  const { crmId, companyName, organizationNumber, customerNumber, address, postalCode, city } = CUSTOMER;

  const hasOwnId = has(crmId);
  const hasPerson = has(name);
  const hasCompany = has(companyName?.filter((header) => name?.includes(header) !== true));
  const hasPlace = has(address) || has(postalCode) || has(city);
  const isCompanyLike = hasCompany || has(organizationNumber) || has(customerNumber);
  const canBeReached = has(emailAddress) || has(phoneNumber);

  if (has(relatedCustomerCrmId) || has(relatedCustomerActorNumber)) {
    if (!hasOwnId) return (isCompanyLike || hasPlace) && !(hasPerson && hasCompany) ? 'customer' : null;
    if (!isCompanyLike || (hasPerson && hasCompany)) return 'contact';
    if (!hasPerson) return 'customer';
    return canBeReached && !hasPlace ? 'contact' : null;
  }
  if (hasPerson && hasCompany) return null;
  if (isCompanyLike || hasPlace) return 'customer';
  return canBeReached && hasPerson ? null : 'customer';
}
