import { foldCase } from './formats/text.ts';
import type { ContactValues, CustomerValues } from './types.ts';

/** The fields that are written to the ERP row, in a fixed order. */
export type CustomerField = 'companyName' | 'organizationNumber' | 'address' | 'postalCode' | 'city';
export type ContactField = 'name' | 'emailAddress' | 'phoneNumber';
export type ValueField = CustomerField | ContactField;

/**
 * The managed fields of a record → a text that is equal exactly when the field counts as unchanged: the organisation
 * number by its digits where it is Norwegian, the city without regard to case, everything else as normalised.
 * The texts are personal: they go into a keyed hash at once and nowhere else.
 */
export function canonicalFields(values: CustomerValues | ContactValues): Readonly<Partial<Record<ValueField, string>>> {
  return 'companyName' in values ? customerFields(values) : contactFields(values);
}

function customerFields(values: CustomerValues): Partial<Record<CustomerField, string>> {
  const { companyName, organizationNumber, address, postalCode, city } = values;
  return {
    companyName: companyName.reveal(),
    ...(organizationNumber && { organizationNumber: organizationNumber.digits ?? organizationNumber.text }),
    ...(address && { address: address.reveal() }),
    ...(postalCode && { postalCode: postalCode.reveal() }),
    ...(city && { city: foldCase(city.reveal()) }),
  };
}

function contactFields({ name, emailAddress, phoneNumber }: ContactValues): Partial<Record<ContactField, string>> {
  return {
    name: name.reveal(),
    ...(emailAddress && { emailAddress: emailAddress.reveal() }),
    ...(phoneNumber && { phoneNumber: phoneNumber.reveal() }),
  };
}
