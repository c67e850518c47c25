import type { ContactData, CrmEvent, CustomerData } from './change-events.ts';

const DAY = '2026-11-20';

/** Minutes after eight in the morning, Norwegian time. */
const at = (minute: number) => `${DAY}T08:${String(minute).padStart(2, '0')}:00.000+01:00`;

const customer = (minute: number, version: number, data: CustomerData): CrmEvent => ({
  id: `evt_${data.crmId}_${version}`,
  type: version === 1 ? 'customer.created' : 'customer.updated',
  occurredAt: at(minute),
  version,
  data: { customerNumber: null, actorNumber: null, ...data },
});

const contact = (minute: number, version: number, data: ContactData): CrmEvent => ({
  id: `evt_${data.crmId}_${version}`,
  type: version === 1 ? 'contact.created' : 'contact.updated',
  occurredAt: at(minute),
  version,
  data: { relatedCustomerActorNumber: null, actorNumber: null, ...data },
});

const portService: CustomerData = {
  crmId: 'C-1001',
  organizationNumber: '921074352',
  companyName: 'Port-Service Øst AS',
  address: 'Rødbølveien 22',
  postalCode: '3270',
  city: 'Larvik',
};
const brygga: CustomerData = {
  crmId: 'C-1002',
  organizationNumber: '857 368 193',
  companyName: 'Brygga Blikk & Varme AS',
  address: 'Verftsgata 3\nPorten bak',
  postalCode: '3256',
  city: 'Larvik',
};
const kari = {
  crmId: 'P-2001',
  relatedCustomerCrmId: 'C-1001',
  name: 'Kari Nordmann',
  emailAddress: 'kari@example.no',
  phoneNumber: '+47 920 99 720',
} satisfies ContactData;

const repeated = contact(10, 1, kari);

/**
 * A morning in the CRM, in the order it is delivered: six customers and eight contacts. It holds what makes a sync
 * hard: contacts before their customer, a newer version, one delivered after a newer one, a repeat, and a customer the
 * ERP has already under another spelling of its organisation number (C-1003, `NO 925 481 459 MVA`).
 */
export const SAMPLE_CHANGES: readonly CrmEvent[] = [
  // Two contacts overtake their customer.
  repeated,
  contact(11, 1, {
    crmId: 'P-2002',
    relatedCustomerCrmId: 'C-1001',
    name: 'Ola Hansen',
    emailAddress: 'ola@example.no',
    phoneNumber: '33 12 34 56',
  }),
  customer(9, 1, portService),
  customer(12, 1, brygga),
  customer(13, 1, {
    crmId: 'C-1003',
    organizationNumber: '925481459',
    companyName: 'Fjordlast Spedisjon AS',
    address: 'Havnegata 4',
    postalCode: '3263',
    city: 'Larvik',
  }),
  customer(14, 1, {
    crmId: 'C-1004',
    organizationNumber: 'NO803642621MVA',
    companyName: 'Gjerde- og Portmontasje Telemark AS',
    address: 'Grenlandsveien 118',
    postalCode: '3733',
    city: 'Skien',
  }),
  customer(15, 1, {
    // In the ERP a supplier (row 20): it becomes a customer too.
    crmId: 'C-1005',
    organizationNumber: '895 145 475',
    companyName: 'Skagerrak Trevare AS',
    address: 'Industriveien 9',
    postalCode: '3241',
    city: 'Sandefjord',
  }),
  customer(16, 1, {
    // No organisation number: a housing cooperative's board.
    crmId: 'C-1006',
    organizationNumber: '',
    companyName: 'Styret i Solsiden borettslag',
    address: 'Solsiden 2',
    postalCode: '3126',
    city: 'Tønsberg',
  }),
  contact(17, 1, {
    crmId: 'P-2003',
    relatedCustomerCrmId: 'C-1002',
    name: 'Åse Bjørnstad',
    emailAddress: 'aase@brygga.example',
    phoneNumber: '+47 911 22 333',
  }),
  contact(18, 1, {
    // Stands in the ERP as row 11 already.
    crmId: 'P-2004',
    relatedCustomerCrmId: 'C-1003',
    name: 'Ingrid Solli',
    emailAddress: 'ingrid.solli@fjordlast.example',
    phoneNumber: '920 11 223',
  }),
  contact(19, 1, {
    crmId: 'P-2005',
    relatedCustomerCrmId: 'C-1004',
    name: 'Jonas Øverland',
    emailAddress: 'jonas@gjerdeport.example',
    phoneNumber: '',
  }),
  // Port-Service moves; the older state of the record arrives once more afterwards.
  customer(30, 2, { ...portService, address: 'Nansetgata 50', postalCode: '3269' }),
  customer(9, 1, portService),
  contact(31, 1, {
    crmId: 'P-2006',
    relatedCustomerCrmId: 'C-1005',
    name: 'Marte Lien',
    emailAddress: 'marte@skagerrak.example',
    phoneNumber: '0047 934 55 667',
  }),
  contact(32, 1, {
    crmId: 'P-2007',
    relatedCustomerCrmId: 'C-1006',
    name: 'Terje Dahl',
    emailAddress: 'styret@solsiden.example',
    phoneNumber: '415 66 778',
  }),
  contact(33, 1, {
    crmId: 'P-2008',
    relatedCustomerCrmId: 'C-1006',
    name: 'Liv Dahl',
    // The board's shared address: it must not turn one person into the other.
    emailAddress: 'styret@solsiden.example',
    phoneNumber: '415 66 779',
  }),
  // The CRM delivers one change twice.
  repeated,
];
