import { Personal } from '../privacy/index.ts';
import { sameCity, sameEmail, sameOrganizationNumber, samePhone, samePostalCode, sameText } from './equality.ts';
import { type Catalogue, type FieldSpec, fieldsOf } from './field.ts';
import {
  readAddress,
  readAssociateNo,
  readCustomerNo,
  readEmail,
  readLine,
  readName,
  readOrganizationNumber,
  readPhone,
  readRelation,
  sentLine,
  sentLines,
  sentName,
  sentNumber,
  sentRelation,
  storedAssociateNo,
  storedCustomerNo,
  storedId,
  storedOrganizationNumber,
  storedPersonal,
} from './fields.ts';
import { addressLines, postalCodeKey } from './formats/address.ts';
import { emailKey } from './formats/email.ts';
import { foldCase, MAX_TEXT } from './formats/text.ts';
import type { AssociateNo, ContactValues, CustomerValues } from './types.ts';

// What a customer and a contact are, field by field. Schema, normalising, ledger rows, hashes, the ERP's columns,
// the import's headers and erasure all come from here. CONTRIBUTING.md says how to add a field.

const text = (value: Personal): string => value.reveal();
const personal = { personal: true, onErasure: 'emptied', stored: storedPersonal } as const;
const link = { personal: false, onErasure: 'kept' } as const;

const actorNumber = (description: string): FieldSpec<AssociateNo> => ({
  ...link,
  schema: sentNumber(description),
  read: readAssociateNo,
  stored: storedAssociateNo,
  headers: ['actornumber', 'actorno', 'associateno', 'aktørnummer', 'aktørnr'],
  columns: ['associateNo'],
});

const CUSTOMER: Catalogue<CustomerValues> = {
  companyName: {
    ...personal,
    schema: sentName,
    read: readName,
    headers: ['companyname', 'name', 'firmanavn', 'kundenavn', 'navn'],
    columns: ['name'],
    written: { fill: (name) => ({ name }), canonical: text, same: sameText, owner: 'both' },
  },
  customerNumber: {
    ...link,
    schema: sentNumber('Customer number in the ERP (kundenummer).'),
    read: readCustomerNo,
    stored: storedCustomerNo,
    headers: ['customernumber', 'customerno', 'kundenummer', 'kundenr'],
    columns: ['customerNo'],
  },
  actorNumber: actorNumber('Actor number in the ERP (aktørnummer).'),
  organizationNumber: {
    ...link,
    schema: sentLine(
      'Organisation number; a foreign one with its country in front. A national identity number is dropped.',
    ),
    read: readOrganizationNumber,
    stored: storedOrganizationNumber,
    headers: ['organizationnumber', 'organisationnumber', 'orgno', 'organisasjonsnummer', 'orgnummer', 'orgnr'],
    columns: ['companyNo'],
    written: {
      fill: (number) => ({ companyNo: number.digits ?? number.text }),
      canonical: ({ key, text: sent }) => key ?? sent,
      same: sameOrganizationNumber,
      owner: 'ask',
    },
  },
  address: {
    ...personal,
    schema: sentLines(`Up to four lines, separated by newlines, each up to ${MAX_TEXT} characters.`),
    read: readAddress,
    headers: ['address', 'adresse', 'gateadresse'],
    columns: ['addressLine1', 'addressLine2', 'addressLine3', 'addressLine4'],
    written: {
      fill(address) {
        const [line1, line2, line3, line4] = addressLines(address.reveal());
        return {
          addressLine1: new Personal(line1),
          addressLine2: new Personal(line2),
          addressLine3: new Personal(line3),
          addressLine4: new Personal(line4),
        };
      },
      canonical: text,
      same: sameText,
      owner: 'both',
    },
  },
  postalCode: {
    ...personal,
    schema: sentLine('Postal code.'),
    read: readLine,
    headers: ['postalcode', 'postcode', 'zip', 'postnummer', 'postnr'],
    columns: ['postCode'],
    written: {
      fill: (postCode) => ({ postCode }),
      canonical: (code) => postalCodeKey(code.reveal()),
      same: samePostalCode,
      owner: 'both',
    },
  },
  city: {
    ...personal,
    schema: sentLine('City.'),
    read: readLine,
    headers: ['city', 'poststed', 'sted'],
    columns: ['postalArea'],
    written: {
      fill: (postalArea) => ({ postalArea }),
      canonical: (city) => foldCase(city.reveal()),
      same: sameCity,
      owner: 'both',
    },
  },
};

const CONTACT: Catalogue<ContactValues> = {
  name: {
    ...personal,
    schema: sentName,
    read: readName,
    headers: ['name', 'navn', 'fullname'],
    columns: ['name'],
    written: { fill: (name) => ({ name }), canonical: text, same: sameText, owner: 'crm' },
  },
  relatedCustomerCrmId: {
    ...link,
    schema: sentRelation('The customer the contact belongs to, by its CRM id.'),
    read: readRelation,
    stored: storedId,
    headers: ['relatedcustomercrmid', 'customercrmid', 'customerid', 'kundeid', 'kundecrmid'],
    columns: ['contactFor'],
    onErasure: 'emptied',
  },
  relatedCustomerActorNumber: {
    ...link,
    schema: sentNumber('The customer the contact belongs to, by its actor number.'),
    read: readAssociateNo,
    stored: storedAssociateNo,
    headers: ['relatedcustomeractornumber', 'customeractornumber', 'kundeaktørnummer', 'kundeaktørnr'],
    columns: ['contactFor'],
    onErasure: 'emptied',
  },
  actorNumber: actorNumber('Actor number of the contact in the ERP.'),
  emailAddress: {
    ...personal,
    schema: sentLine('E-mail address.'),
    read: readEmail,
    headers: ['emailaddress', 'email', 'epost', 'epostadresse'],
    columns: ['emailAddress'],
    written: {
      fill: (emailAddress) => ({ emailAddress }),
      canonical: (email) => emailKey(email.reveal()) ?? email.reveal(),
      same: sameEmail,
      owner: 'crm',
    },
  },
  phoneNumber: {
    ...personal,
    schema: sentLine('Phone number; without a country code it is Norwegian.'),
    read: readPhone,
    headers: ['phonenumber', 'phone', 'telefon', 'telefonnummer', 'tlf', 'mobil'],
    // Accounting keeps some numbers as mobile numbers: either column may hold it, a new one goes into the first.
    columns: ['phone', 'mobilePhone'],
    written: { fill: (phone) => ({ phone }), canonical: text, same: samePhone, owner: 'crm' },
  },
};

export const CUSTOMER_FIELDS = fieldsOf(CUSTOMER);
export const CONTACT_FIELDS = fieldsOf(CONTACT);
