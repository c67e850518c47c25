import type { Requester, Right } from '../receipts.ts';

export type Language = 'nb' | 'en';

/** The words of the printable answers. One type, so that no language lacks one. */
export interface Words {
  readonly rights: Readonly<Record<Right, string>>;
  readonly requesters: Readonly<Record<Requester, string>>;
  /** By the receipt's own words for what was found and done. */
  readonly done: Readonly<Record<string, string>>;
  readonly receipt: string;
  readonly received: string;
  readonly askedBy: string;
  readonly reference: string;
  readonly carriedOutBy: string;
  readonly deadline: string;
  readonly records: string;
  readonly rows: string;
  readonly found: string;
  readonly finished: string;
  readonly underWay: string;
  readonly decision: Readonly<Record<'granted' | 'rejected', string>>;
  readonly erasedNote: string;
  readonly access: {
    readonly title: string;
    readonly intro: string;
    readonly heldHere: string;
    readonly heldInErp: string;
    readonly nothing: string;
    readonly purpose: string;
    readonly fields: Readonly<Record<string, string>>;
  };
}

const nb: Words = {
  rights: {
    access: 'Innsyn (artikkel 15)',
    erasure: 'Sletting (artikkel 17)',
    'erasure-undone': 'Sletting opphevet',
    restriction: 'Begrensning av behandling (artikkel 18)',
    'restriction-lifted': 'Begrensning opphevet',
    objection: 'Protest (artikkel 21)',
    proof: 'Retting (artikkel 16)',
  },
  requesters: {
    person: 'den registrerte',
    representative: 'en fullmektig',
    authority: 'Datatilsynet eller en annen myndighet',
    company: 'virksomheten selv',
    crm: 'CRM-systemet',
  },
  done: {
    records: 'oppføringer i CRM som er slettet her',
    suppressionEntries: 'sperrer mot ny innlesing (bare nøkkelhasher)',
    sharedAddressesLeftOut: 'delte adresser eller numre som ikke er sperret, fordi andre også har dem',
    rowsOfOthersMaking: 'aktører i regnskapssystemet som integrasjonen ikke har laget, og som regnskapet må slette',
    underWay: 'oppføringer som ennå ikke er slettet i regnskapssystemet',
    recordsHeldHere: 'oppføringer i integrasjonen',
    rowsHeldInErp: 'aktører i regnskapssystemet',
    restricted: 'oppføringer begrenset',
    wasRestrictedAlready: 'oppføringer som var begrenset fra før',
    lifted: 'begrensninger opphevet',
    changesApplied: 'ventende endringer gjennomført',
    changesDropped: 'ventende endringer forkastet',
  },
  receipt: 'Kvittering',
  received: 'Mottatt',
  askedBy: 'Bedt om av',
  reference: 'Saksnummer',
  carriedOutBy: 'Utført av',
  deadline: 'Svarfrist',
  records: 'Oppføringer i CRM',
  rows: 'Aktørnumre',
  found: 'Funnet og gjort',
  finished: 'Avsluttet',
  underWay: 'Ikke avsluttet ennå',
  decision: { granted: 'Protesten er tatt til følge', rejected: 'Protesten er ikke tatt til følge' },
  erasedNote:
    'Personopplysningene er slettet her, og aktøren i regnskapssystemet er slettet eller tømt. Det som bokføringsloven krever at virksomheten beholder, står i virksomhetens egne bilag.',
  access: {
    title: 'Innsyn i personopplysninger',
    intro: 'Dette er alt som er registrert om deg i integrasjonen mellom CRM og regnskapssystemet.',
    heldHere: 'I integrasjonen',
    heldInErp: 'I regnskapssystemet (felt som synkroniseres)',
    nothing: 'Ingenting er registrert.',
    purpose:
      'Formålet er å kjenne igjen, opprette, oppdatere og knytte sammen kunder og kontaktpersoner. Opplysningene kommer fra virksomhetens CRM. Ingen andre får dem.',
    fields: {
      record: 'CRM-id',
      actorNumber: 'Aktørnummer',
      relatedCustomerActorNumber: 'Kundens aktørnummer',
      relatedCustomerCrmId: 'Kundens CRM-id',
      name: 'Navn',
      emailAddress: 'E-postadresse',
      phoneNumber: 'Telefon',
      mobilePhone: 'Mobil',
      address: 'Adresse',
      postalCode: 'Postnummer',
      city: 'Poststed',
      receivedAt: 'Mottatt, venter på synkronisering',
      lastWriteAt: 'Sist skrevet',
      deletedAt: 'Slettet',
      hashedFields: 'Felt kjent som nøkkelhash',
      failure: 'Venter på en person',
      isRestricted: 'Behandlingen er begrenset',
      isSuppressed: 'Sperret mot ny innlesing',
    },
  },
};

const en: Words = {
  rights: {
    access: 'Access (article 15)',
    erasure: 'Erasure (article 17)',
    'erasure-undone': 'Erasure undone',
    restriction: 'Restriction of processing (article 18)',
    'restriction-lifted': 'Restriction lifted',
    objection: 'Objection (article 21)',
    proof: 'Rectification (article 16)',
  },
  requesters: {
    person: 'the person concerned',
    representative: 'a representative',
    authority: 'a public authority',
    company: 'the company itself',
    crm: 'the CRM',
  },
  done: {
    records: 'records of the CRM erased here',
    suppressionEntries: 'entries that keep the person from being read in again (keyed hashes only)',
    sharedAddressesLeftOut: 'shared addresses or numbers not blocked, because others have them too',
    rowsOfOthersMaking: 'rows in the ERP that the integration did not make; accounting erases them',
    underWay: 'records not erased in the ERP yet',
    recordsHeldHere: 'records in the integration',
    rowsHeldInErp: 'rows in the ERP',
    restricted: 'records restricted',
    wasRestrictedAlready: 'records restricted before',
    lifted: 'restrictions lifted',
    changesApplied: 'held changes carried out',
    changesDropped: 'held changes dropped',
  },
  receipt: 'Receipt',
  received: 'Received',
  askedBy: 'Asked for by',
  reference: 'Case number',
  carriedOutBy: 'Carried out by',
  deadline: 'To be answered by',
  records: 'Records of the CRM',
  rows: 'Actor numbers',
  found: 'Found and done',
  finished: 'Finished',
  underWay: 'Not finished yet',
  decision: { granted: 'The objection is granted', rejected: 'The objection is rejected' },
  erasedNote:
    'The personal data are erased here, and the row in the ERP is deleted or emptied. What bookkeeping law makes the company keep stands in its own vouchers.',
  access: {
    title: 'Access to personal data',
    intro: 'This is everything the integration between the CRM and the ERP holds about you.',
    heldHere: 'In the integration',
    heldInErp: 'In the ERP (the fields that are synced)',
    nothing: 'Nothing is held.',
    purpose:
      'The purpose is to recognise, create, update and link customers and contact persons. The data come from the company’s CRM. Nobody else gets them.',
    fields: {
      record: 'CRM id',
      actorNumber: 'Actor number',
      relatedCustomerActorNumber: 'Actor number of the customer',
      relatedCustomerCrmId: 'CRM id of the customer',
      name: 'Name',
      emailAddress: 'E-mail address',
      phoneNumber: 'Phone',
      mobilePhone: 'Mobile phone',
      address: 'Address',
      postalCode: 'Postal code',
      city: 'City',
      receivedAt: 'Received, waits to be synced',
      lastWriteAt: 'Last written',
      deletedAt: 'Deleted',
      hashedFields: 'Fields known by a keyed hash',
      failure: 'Waits for a person',
      isRestricted: 'Processing is restricted',
      isSuppressed: 'Blocked from being read in again',
    },
  },
};

export const WORDS: Readonly<Record<Language, Words>> = { nb, en };
