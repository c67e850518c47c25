import type { PrivacyReport, Requester, Right } from '../../rights/index.ts';

/** What the privacy view says; each language has exactly this. */
export interface PrivacyTexts {
  readonly title: string;
  readonly report: (report: PrivacyReport, oldest: string, deadline: string) => readonly string[];
  readonly person: string;
  readonly by: string;
  readonly ways: Readonly<Record<'record' | 'actor-number' | 'email' | 'phone' | 'name', string>>;
  readonly value: string;
  readonly valueHint: string;
  readonly customer: string;
  readonly customerHint: string;
  readonly requester: string;
  readonly requesters: Readonly<Record<Requester, string>>;
  readonly reference: string;
  readonly referenceHint: string;
  readonly access: string;
  readonly erase: string;
  readonly eraseHint: string;
  readonly eraseConfirm: string;
  readonly found: (records: number, rows: number) => string;
  readonly foundNobody: string;
  readonly record: string;
  readonly recordHint: string;
  readonly restriction: string;
  readonly restrict: string;
  readonly object: string;
  readonly unrestrictApply: string;
  readonly unrestrictDrop: string;
  readonly undo: string;
  readonly undone: (lifted: number) => string;
  readonly receipts: string;
  readonly noReceipts: string;
  readonly receipt: string;
  readonly rights: Readonly<Record<Right, string>>;
  readonly asked: string;
  readonly deadline: string;
  readonly finished: string;
  readonly underWay: string;
  readonly finish: string;
  readonly grant: string;
  readonly reject: string;
  readonly copy: string;
  readonly copyHint: string;
  readonly bad: string;
}

export const nb: PrivacyTexts = {
  title: 'Personvern',
  report: ({ withValues, restricted, suppressionEntries, openRequests }, oldest, deadline) => [
    withValues === 0
      ? 'Ingen personopplysninger er lagret her akkurat nå.'
      : `${withValues} endringer er på vei eller venter; den eldste kom ${oldest}.`,
    `${restricted} poster er begrenset. ${suppressionEntries} sperrer hindrer at slettede personer leses inn igjen.`,
    openRequests === 0
      ? 'Ingen åpne henvendelser.'
      : `${openRequests} åpne henvendelser; første svarfrist ${deadline}.`,
  ],
  person: 'En person ber om noe',
  by: 'Søk etter',
  ways: {
    record: 'CRM-id',
    'actor-number': 'Aktørnummer',
    email: 'E-postadresse',
    phone: 'Telefon',
    name: 'Navn hos en kunde',
  },
  value: 'Verdi',
  valueHint: 'Sendes ikke i adressen og lagres ikke.',
  customer: 'Kunde',
  customerHint: 'Bare når du søker etter navn: kundens CRM-id eller aktørnummer.',
  requester: 'Hvem ber',
  requesters: {
    person: 'den registrerte',
    representative: 'en fullmektig',
    authority: 'en myndighet',
    company: 'virksomheten selv',
    crm: 'CRM-systemet',
  },
  reference: 'Saksnummer',
  referenceHint: 'Fra virksomhetens eget system. Ingen navn: det står i kvitteringen.',
  access: 'Gi innsyn',
  erase: 'Slett personen',
  eraseHint: 'Viser først hvem det gjelder.',
  eraseConfirm: 'Ja, slett',
  found: (records, rows) => `Funnet: ${records} poster i CRM og ${rows} aktører i regnskapssystemet.`,
  foundNobody: 'Ingen er funnet. En CRM-id som du oppgir, sperres likevel mot ny innlesing.',
  record: 'CRM-id',
  recordHint: 'Slik som contact:P-2001.',
  restriction: 'Begrens, protester eller opphev',
  restrict: 'Begrens behandlingen',
  object: 'Registrer protest',
  unrestrictApply: 'Opphev, og gjennomfør det som venter',
  unrestrictDrop: 'Opphev, og forkast det som venter',
  undo: 'La en slettet person leses inn igjen',
  undone: (lifted) => (lifted === 0 ? 'Ingenting var sperret.' : 'Personen kan leses inn igjen.'),
  receipts: 'Henvendelser',
  noReceipts: 'Ingen henvendelser ennå.',
  receipt: 'Kvittering',
  rights: {
    access: 'innsyn',
    erasure: 'sletting',
    'erasure-undone': 'sletting opphevet',
    restriction: 'begrensning',
    'restriction-lifted': 'begrensning opphevet',
    objection: 'protest',
    proof: 'retting',
  },
  asked: 'Mottatt',
  deadline: 'Svarfrist',
  finished: 'Avsluttet',
  underWay: 'pågår',
  finish: 'Fullfør nå',
  grant: 'Ta protesten til følge',
  reject: 'Avvis protesten',
  copy: 'Innsyn i personopplysninger',
  copyHint: 'Skriv ut eller lagre siden. Den vises bare nå.',
  bad: 'Feltene henger ikke sammen: velg hva du søker etter, og skriv en verdi av den typen.',
};

export const en: PrivacyTexts = {
  title: 'Privacy',
  report: ({ withValues, restricted, suppressionEntries, openRequests }, oldest, deadline) => [
    withValues === 0
      ? 'No personal value is held here just now.'
      : `${withValues} changes are on their way or wait; the oldest came ${oldest}.`,
    `${restricted} records are restricted. ${suppressionEntries} entries keep erased people from being read in again.`,
    openRequests === 0
      ? 'No open request.'
      : `${openRequests} open requests; the first is to be answered by ${deadline}.`,
  ],
  person: 'A person asks for something',
  by: 'Look for',
  ways: {
    record: 'CRM id',
    'actor-number': 'Actor number',
    email: 'E-mail address',
    phone: 'Phone',
    name: 'Name at a customer',
  },
  value: 'Value',
  valueHint: 'Is not part of the address and is not stored.',
  customer: 'Customer',
  customerHint: 'Only with a name: the customer’s CRM id or actor number.',
  requester: 'Who asks',
  requesters: {
    person: 'the person concerned',
    representative: 'a representative',
    authority: 'an authority',
    company: 'the company itself',
    crm: 'the CRM',
  },
  reference: 'Case number',
  referenceHint: 'From your own system. No names: it stands in the receipt.',
  access: 'Give access',
  erase: 'Erase the person',
  eraseHint: 'Says first whom it concerns.',
  eraseConfirm: 'Yes, erase',
  found: (records, rows) => `Found: ${records} records of the CRM and ${rows} rows of the ERP.`,
  foundNobody: 'Nobody is found. A CRM id that you name is kept from being read in all the same.',
  record: 'CRM id',
  recordHint: 'Such as contact:P-2001.',
  restriction: 'Restrict, object or lift',
  restrict: 'Restrict the processing',
  object: 'Record an objection',
  unrestrictApply: 'Lift, and carry out what waits',
  unrestrictDrop: 'Lift, and drop what waits',
  undo: 'Let an erased person be read in again',
  undone: (lifted) => (lifted === 0 ? 'Nothing was blocked.' : 'The person may be read in again.'),
  receipts: 'Requests',
  noReceipts: 'No request so far.',
  receipt: 'Receipt',
  rights: {
    access: 'access',
    erasure: 'erasure',
    'erasure-undone': 'erasure undone',
    restriction: 'restriction',
    'restriction-lifted': 'restriction lifted',
    objection: 'objection',
    proof: 'rectification',
  },
  asked: 'Received',
  deadline: 'To be answered by',
  finished: 'Finished',
  underWay: 'under way',
  finish: 'Finish now',
  grant: 'Grant the objection',
  reject: 'Reject the objection',
  copy: 'Access to personal data',
  copyHint: 'Print or save the page. It is shown only now.',
  bad: 'The fields do not fit: choose what to look for, and write a value of that kind.',
};
