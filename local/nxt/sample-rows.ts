import type { RowSeed } from './columns.ts';

/** Rows that stand in the ERP before the first change arrives. All fictional; the organisation numbers pass mod-11. */
export const SAMPLE_ROWS: readonly RowSeed[] = [
  {
    // The CRM knows it as 925481459: it has to be linked, not doubled.
    associateNo: 10,
    customerNo: 10_010,
    name: 'Fjordlast Spedisjon AS',
    shortName: 'Fjordlast',
    companyNo: 'NO 925 481 459 MVA',
    addressLine1: 'Havnegata 4',
    postCode: '3263',
    postalArea: 'LARVIK',
    phone: '33 18 00 00',
    emailAddress: 'post@fjordlast.example',
  },
  {
    associateNo: 11,
    contactForAssociateNo: 10,
    name: 'Ingrid Solli',
    shortName: 'Ingrid Solli',
    emailAddress: 'ingrid.solli@fjordlast.example',
    mobilePhone: '+47 920 11 223',
  },
  {
    // A delivery address of the customer above, with a customer number of its own.
    associateNo: 12,
    customerNo: 10_011,
    deliveryToAssociateNo: 10,
    name: 'Fjordlast Spedisjon AS, lager Kragerø',
    shortName: 'Fjordlast Kragerø',
    addressLine1: 'Tangenveien 12',
    postCode: '3770',
    postalArea: 'KRAGERØ',
  },
  {
    // Only a supplier: as a customer in the CRM it gets a customer number on the same row.
    associateNo: 20,
    supplierNo: 50_001,
    name: 'Skagerrak Trevare AS',
    shortName: 'Skagerrak Trevare',
    companyNo: '895145475',
    addressLine1: 'Industriveien 9',
    postCode: '3241',
    postalArea: 'SANDEFJORD',
  },
  {
    associateNo: 21,
    supplierNo: 50_002,
    name: 'Nordvind Kontorrekvisita AS',
    shortName: 'Nordvind',
    companyNo: '898 603 954',
    postCode: '0581',
    postalArea: 'OSLO',
  },
  // Departments of one municipality share its organisation number.
  {
    associateNo: 30,
    customerNo: 10_030,
    name: 'Storvik kommune, Teknisk etat',
    shortName: 'Storvik teknisk',
    companyNo: '870293135',
    addressLine1: 'Rådhusgata 1',
    postCode: '3901',
    postalArea: 'PORSGRUNN',
  },
  {
    associateNo: 31,
    customerNo: 10_031,
    name: 'Storvik kommune, Skoleetaten',
    shortName: 'Storvik skole',
    companyNo: '870293135',
    addressLine1: 'Rådhusgata 3',
    postCode: '3901',
    postalArea: 'PORSGRUNN',
  },
  {
    associateNo: 40,
    employeeNo: 1,
    name: 'Per Ansatt',
    shortName: 'Per Ansatt',
    emailAddress: 'per@sandkassen.example',
  },
];
