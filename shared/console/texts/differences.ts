import type { ReconcileKind, SettledField } from '../../sync/index.ts';

export const en = {
  title: 'Differences',
  hint: 'Both systems held against each other: which fields differ, and what only one of them has. Names of fields, no values.',
  run: 'Compare both systems now',
  runHint:
    'Reads every row of the ERP, within the app’s share of its limit: 50,000 rows are about 100 requests and can take a minute or two. Nothing is written.',
  never: 'Nobody has compared the two systems yet.',
  last: (at: string, by: string): string => `Compared ${at} by ${by}. What was settled since is not on the list.`,
  agree: 'Both sides agree.',
  count: (count: number): string => `${count} ${count === 1 ? 'difference' : 'differences'}`,
  capped: (shown: number, all: number): string =>
    `The first ${shown} of ${all} are listed: settle them, then compare again.`,
  kinds: {
    differs: {
      name: 'Fields differ',
      hint: 'A record and its row differ in these fields. Say for each whose value counts.',
    },
    doubled: {
      name: 'Doubled in the ERP',
      hint: 'Customers with one organisation number, or with one name and postal code. Keep one row and close the others in Visma; if the record has the wrong one, link it on its page.',
    },
    gone: {
      name: 'Gone from the ERP',
      hint: 'The linked row is not in the ERP any more. Link the record to another row, or open it and take the link away.',
    },
    'linked-twice': {
      name: 'Linked twice',
      hint: 'Two records of the CRM have one row. Take the link of one of them away, or merge them in the CRM.',
    },
    'never-sent': {
      name: 'Never sent',
      hint: 'The CRM has it and never sent it. Send it again from there, or import it.',
    },
    'only-in-erp': {
      name: 'Only in the ERP',
      hint: 'A customer or a contact that no record of the CRM has. Where there is one, say which; else register it in the CRM.',
    },
  } satisfies Record<ReconcileKind, { readonly name: string; readonly hint: string }>,
  nothingOfIt: 'None of this kind.',
  choice: 'Your choice',
  useCrm: 'The CRM’s value',
  useErp: 'The ERP’s value',
  ignore: 'Let it be until either changes',
  later: 'Leave open',
  unlink: 'Take this link away',
  linkToRow: 'Link to actor number',
  linkToRecord: 'It is the record',
  submit: 'Settle those chosen',
  settled: (count: number): string => `${count} settled.`,
  left: (count: number): string => `${count} not reached: choose them again.`,
  fields: {
    sent: 'it is on its way',
    'when-sent': 'the CRM’s value is not kept here; it is written when the CRM sends the record again',
    ignored: 'it stays until either value changes',
  } satisfies Record<SettledField, string>,
  needsReason: 'Say why: a reason is needed to see values, and to let a difference be. Nothing was done.',
  noRecord: 'not a record such as customer:C-1001 or contact:P-2001',
  whose: 'Record',
  letBe: 'Let it be until what was compared changes',
  isLetBe: 'it is let be until what was compared changes',
  unfinished: (at: string, by: string): string =>
    `A comparison that ${by} began ${at} has come to no end: it still runs, or was broken off. What is listed is from the one before.`,
  failed: (at: string, by: string): string =>
    `The comparison that ${by} began ${at} could not be brought to an end; what is listed is from the one before.`,
  all: 'The same for all of this kind',
  allHint: 'For every one that is listed, on every page. First you see how many it would be; nothing is done yet.',
  everyField: 'Every field',
  perHour: (count: number): string =>
    `At most ${count} fields an hour are written so (CRM_WRITES_PER_HOUR); the rest stays listed, and an hour later you go on.`,
  staysListed: (count: number): string => `${count} stay on the list.`,
  settleAll: (count: number): string => `Settle ${count}`,
};

export const nb: typeof en = {
  title: 'Forskjeller',
  hint: 'De to systemene holdt opp mot hverandre: hvilke felt som er ulike, og hva bare det ene har. Navn på felt, ingen verdier.',
  run: 'Sammenlign systemene nå',
  runHint:
    'Leser alle rader i ERP, innenfor appens del av ERP-grensen: 50 000 rader er omtrent 100 forespørsler og kan ta et minutt eller to. Ingenting skrives.',
  never: 'Ingen har sammenlignet systemene ennå.',
  last: (at, by) => `Sammenlignet ${at} av ${by}. Det som er avgjort siden, står ikke på listen.`,
  agree: 'Begge sider er like.',
  count: (count) => `${count} ${count === 1 ? 'forskjell' : 'forskjeller'}`,
  capped: (shown, all) => `De første ${shown} av ${all} vises: Avgjør dem, og sammenlign på nytt.`,
  kinds: {
    differs: {
      name: 'Ulike felt',
      hint: 'En post og raden dens er ulike i disse feltene. Si for hvert felt hvilken verdi som gjelder.',
    },
    doubled: {
      name: 'Dobbelt i ERP',
      hint: 'Kunder med samme organisasjonsnummer, eller med samme navn og postnummer. Behold én rad og sperr de andre i Visma; har posten feil rad, kan den kobles om på sin egen side.',
    },
    gone: {
      name: 'Borte fra ERP',
      hint: 'Raden posten er koblet til, finnes ikke lenger i ERP. Koble posten til en annen rad, eller åpne den og fjern koblingen.',
    },
    'linked-twice': {
      name: 'Koblet to ganger',
      hint: 'To poster i CRM har samme rad. Fjern koblingen til den ene, eller slå dem sammen i CRM.',
    },
    'never-sent': {
      name: 'Aldri sendt',
      hint: 'CRM har posten og har aldri sendt den. Send den på nytt derfra, eller importer den.',
    },
    'only-in-erp': {
      name: 'Bare i ERP',
      hint: 'En kunde eller kontakt som ingen post i CRM har. Finnes posten, si hvilken; ellers må den registreres i CRM.',
    },
  },
  nothingOfIt: 'Ingen av dette slaget.',
  choice: 'Ditt valg',
  useCrm: 'Verdien i CRM',
  useErp: 'Verdien i ERP',
  ignore: 'La det være til en av dem endres',
  later: 'La stå åpent',
  unlink: 'Fjern denne koblingen',
  linkToRow: 'Koble til aktørnummer',
  linkToRecord: 'Den er posten',
  submit: 'Avgjør de valgte',
  settled: (count) => `${count} avgjort.`,
  left: (count) => `${count} gjenstår: Velg dem på nytt.`,
  fields: {
    sent: 'det er på vei',
    'when-sent': 'verdien i CRM lagres ikke her; den skrives når CRM sender posten på nytt',
    ignored: 'det blir stående til en av verdiene endres',
  },
  needsReason:
    'Skriv hvorfor: Det trengs en begrunnelse for å se verdier og for å la en forskjell være. Ingenting ble gjort.',
  noRecord: 'ikke en post som customer:C-1001 eller contact:P-2001',
  whose: 'Post',
  letBe: 'La det være til det som ble sammenlignet, endres',
  isLetBe: 'det blir stående til det som ble sammenlignet, endres',
  unfinished: (at, by) =>
    `En sammenligning som ${by} startet ${at}, er ikke ferdig: Den går ennå, eller ble avbrutt. Det som vises, er fra den forrige.`,
  failed: (at, by) =>
    `Sammenligningen som ${by} startet ${at}, kunne ikke fullføres; det som vises, er fra den forrige.`,
  all: 'Det samme for alle av dette slaget',
  allHint: 'For alle som er listet, på alle sider. Først ser du hvor mange det gjelder; ingenting blir gjort ennå.',
  everyField: 'Alle felt',
  perHour: (count) =>
    `Høyst ${count} felt i timen skrives slik (CRM_WRITES_PER_HOUR); resten blir stående på listen, og du fortsetter en time senere.`,
  staysListed: (count) => `${count} blir stående på listen.`,
  settleAll: (count) => `Avgjør ${count}`,
};
