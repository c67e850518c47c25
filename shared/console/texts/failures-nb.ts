import type { FailureCode } from '../../failure.ts';
import type { Explained } from './en.ts';

const says = (meaning: string, action: string): Explained => ({ meaning, action });
const WAIT = 'Ingenting; se Vismas driftsside hvis det varer.';

/** The failure table in bokmål, for the console. */
export const failuresNb: Partial<Record<FailureCode, Explained>> = {
  'lease.held': says('En annen forekomst arbeider med posten.', 'Ingenting.'),
  'customer.missing': says(
    'Kontakten venter på at kunden får aktørnummer.',
    'Ingenting, med mindre kunden selv står i listen.',
  ),
  'write.in-doubt': says(
    'Svaret på en tidligere skriving gikk tapt; skrivingen kan fortsatt komme.',
    'Ingenting: Programmet ser etter på nytt.',
  ),
  'claim.held': says('En annen post med samme organisasjonsnummer blir opprettet.', 'Ingenting.'),
  'erp.unreachable': says('Visma kunne ikke nås.', WAIT),
  'erp.timeout': says('Visma svarte ikke i tide.', WAIT),
  'erp.unavailable': says('Visma svarte med en feil.', WAIT),
  'erp.rate-limited': says(
    'Vismas grense for forespørsler i minuttet er nådd.',
    'Senk NXT_REQUESTS_PER_MINUTE hvis det skjer igjen.',
  ),
  'erp.outstanding-limit': says(
    'Firmaet har for mange forespørsler i gang, over alle integrasjoner.',
    'Senk NXT_MAX_IN_PROGRESS, eller se etter en annen integrasjon som oversvømmer firmaet.',
  ),
  'erp.unknown': says(
    'Visma svarte med en feil som programmet ikke kjenner.',
    'Gi Visma sporings-id-en fra logglinjen.',
  ),
  'token.unreachable': says('Visma Connect kunne ikke nås.', WAIT),
  'secrets.unreachable': says(
    'Key Vault kunne ikke leses akkurat nå.',
    'Se på hvelvet og identitetens rolle hvis det varer.',
  ),
  'storage.unavailable': says('Lageret i Azure kunne ikke brukes akkurat nå.', 'Se på lagringskontoen hvis det varer.'),
  'token.invalid-client': says(
    'Visma Connect avviser klient-id-en eller hemmeligheten.',
    'Legg inn riktig visma-client-id og visma-client-secret; programmet henter dem selv.',
  ),
  'token.invalid-scope': says(
    'Visma Connect avviser omfanget (scope).',
    'Se på VISMA_SCOPE, og at integrasjonen er godkjent i Developer Portal.',
  ),
  'token.refused': says('Visma Connect gir ikke klienten noe token.', 'Se på applikasjonen i Visma Developer Portal.'),
  'erp.unauthorized': says(
    'Visma avviser et nytt token.',
    'Se på NXT_GRAPHQL_URL, VISMA_SCOPE og godkjenningen av applikasjonen.',
  ),
  'erp.no-company-access': says(
    'Klienten har ikke tilgang til firmaet.',
    'Se på NXT_COMPANY_NO og radene under Applikasjonstilgang i Connect.',
  ),
  'erp.schema': says(
    'En kolonne eller operasjon som trengs, mangler i Visma.',
    'Kjør doctor: Den nevner kolonnen og innstillingen.',
  ),
  'erp.number-interval-full': says(
    'Ingen ledige kundenumre igjen i intervallet.',
    'Utvid NXT_CUSTOMER_NUMBER_FROM … NXT_CUSTOMER_NUMBER_TO.',
  ),
  'erp.external-id-changed': says(
    'Visma lagret en annen ekstern id enn den som ble sendt (kort kolonne?).',
    'Velg en annen NXT_EXTERNAL_ID_COLUMN.',
  ),
  'settings.invalid': says('En innstilling mangler eller er feil.', 'Meldingen nevner hver av dem.'),
  'secrets.missing': says('En hemmelighet finnes ikke i Key Vault.', 'Legg den inn; oppsettguiden sier hvordan.'),
  'value.missing': says('Et obligatorisk felt er tomt.', 'Fyll det ut i CRM; neste hendelse tar det med.'),
  'value.too-long': says('En verdi er lengre enn kolonnen i Visma.', 'Kort den ned i CRM; neste hendelse tar den med.'),
  'value.invalid': says('En verdi har feil form.', 'Rett den i CRM; neste hendelse tar den med.'),
  'match.ambiguous': says(
    'Mer enn én rad i Visma kan være denne posten.',
    'Si hvilken rad det er, eller at ingen av dem er det.',
  ),
  'match.conflict': says(
    'Numrene fra CRM motsier hverandre eller koblingen.',
    'Rett numrene i CRM og prøv igjen, eller si hvilken rad det er.',
  ),
  'match.already-linked': says(
    'Raden i Visma hører til en annen post i CRM.',
    'Slå de to sammen i CRM, eller si hvilken rad det er.',
  ),
  'link.none': says(
    'Posten er ikke koblet til en rad i Visma, eller er ikke kjent her.',
    'Kontroller id-en; siden om posten sier hva som har skjedd med den.',
  ),
  'link.not-found': says(
    'CRM nevner et aktørnummer som ikke finnes i Visma.',
    'Rett nummeret i CRM og prøv igjen, eller si hvilken rad det er.',
  ),
  'link.gone': says(
    'Den koblede raden finnes ikke lenger i Visma.',
    'Gjenopprett raden, eller prøv igjen med en ny kobling.',
  ),
  'create.uncertain': says(
    'En opprettelse ble sendt, svaret gikk tapt, og ingenting beviser om den skjedde.',
    'Se i Visma. Er raden der, si at det er den; ellers si at en ny skal opprettes.',
  ),
  'customer.never-came': says(
    'Kunden til kontakten fikk ikke aktørnummer i tide.',
    'Send kunden fra CRM, og prøv igjen.',
  ),
  'erp.row-refused': says(
    'Visma avviser raden.',
    'Statusnavnet i listen sier hvorfor; rett posten eller standardverdiene, og prøv igjen.',
  ),
  'erp.number-in-use': says('Kundenummeret er i bruk av en annen rad.', 'Rett nummeret i CRM og prøv igjen.'),
  'erp.number-invalid': says(
    'Visma ga ikke noe kundenummer, eller et utenfor intervallet.',
    'Se på nummerserien i firmaet og intervallet.',
  ),
  'erp.row-altered': says('Raden som Visma lagret, er ulik den som ble sendt.', 'Se på raden i Visma og prøv igjen.'),
  'field.conflict': says(
    'Både CRM og Visma har endret feltet, til ulike verdier, eller en person skal spørres om det.',
    'Si hvilken verdi som gjelder: CRM-ets eller Vismas.',
  ),
  'settle.changed': says(
    'Feltet er ikke lenger slik det var da det ble listet eller vist. Ingenting ble gjort.',
    'Se på begge verdiene igjen, og avgjør det så: Listen viser det slik det er nå.',
  ),
  'difference.none': says(
    'Den siste sammenligningen har ingen slik forskjell, eller den er avgjort.',
    'Sammenlign på nytt. De første 500 av hvert slag listes.',
  ),
  'record.restricted': says('Behandlingen av posten er begrenset.', 'La den være, eller opphev begrensningen først.'),
  'crm.held': says(
    'Flere endringer fra Visma i timen enn grensen (CRM_WRITES_PER_HOUR) slipper til CRM.',
    'Slipp dem gjennom, eller behold verdien i CRM.',
  ),
  'deletes.held': says(
    'Flere slettinger i timen enn slettegrensen (DELETES_PER_HOUR) tillater.',
    'Slipp dem gjennom, eller gi dem opp.',
  ),
  'deletes.mark-occupied': says(
    'Kolonnen for slettemerket inneholder noe annet.',
    'Tøm kolonnen i Visma, eller velg en annen i NXT_CUSTOMER_DELETED_COLUMN; prøv så igjen.',
  ),
  'payload.expired': says('Verdiene ble slettet da tiden var ute.', 'Send posten på nytt fra CRM.'),
  'crash.suspected': says(
    'Programmet stoppet flere ganger mens det arbeidet med posten.',
    'Les logglinjene for posten; prøv igjen når årsaken er funnet.',
  ),
  'crm.refused': says(
    'CRM avviser numrene eller feltene (409, 412 eller en annen 4xx).',
    'Se på posten i CRM og prøv igjen.',
  ),
  'crm.value-unfit': says(
    'Feltene i CRM har ikke plass til verdien fra Visma: for mange adresselinjer, eller et navn som ikke kan deles opp.',
    'Skriv den inn i CRM for hånd, eller endre den i Visma; eller behold verdien i CRM.',
  ),
  'crm.not-yet-shown': says(
    'CRM viser ennå ikke det det nettopp har meldt.',
    'Ingenting: Posten leses på nytt om noen sekunder.',
  ),
  'erp.request-failed': says(
    'Visma, eller en brannmur foran, svarer med feil eller ikke i det hele tatt på denne posten, mens andre får svar.',
    'Se etter en tekst i posten som en brannmur kan stoppe, og gi Visma sporings-id-en; rett posten i CRM, eller prøv igjen.',
  ),
  'erp.unreadable': says(
    'En rad i svaret fra Visma inneholder noe programmet ikke kan lese.',
    'Se på den kolonnen i raden i Visma; kjør doctor hvis det gjelder mange.',
  ),
  'erp.forbidden': says(
    'Visma, eller en brannmur foran, avviser hver forespørsel (403).',
    'Se på NXT_GRAPHQL_URL, rettighetene til tilgangsgruppen, og det som står mellom appen og Visma.',
  ),
  'value.national-id': says(
    'Et navn inneholder et fødselsnummer. Ingenting av posten er tatt vare på.',
    'Ta nummeret ut av CRM; neste hendelse tar posten med.',
  ),
  'value.broken-letters': says(
    'Et navn har mistet bokstaver (U+FFFD) før det kom hit.',
    'Skriv teksten på nytt i CRM, og se på tegnsettet til det som fylte den; neste hendelse tar posten med.',
  ),
  'match.possible': says(
    'Ingen numre finner kunden, men en rad i Visma har samme navn og kanskje samme sted.',
    'Er det samme firma, koble de to; ellers si at ingen av dem er det.',
  ),
  'record.merged': says(
    'CRM slo posten sammen med en annen og endret den etterpå.',
    'Gi opp endringen, eller opprett den hvis den er en egen post igjen.',
  ),
  'row.unreadable': says(
    'En lagret rad for posten kan ikke leses: En annen versjon av programmet, eller en hånd, skrev den.',
    'Legg ut den versjonen igjen, eller send posten på nytt fra CRM.',
  ),
  'crm.redirected': says(
    'CRM svarer med videresending, som ikke følges: Det er flyttet, eller vil at noen logger inn.',
    'Sett CRM_API_URL til adressen til selve API-et; numrene sendes da av seg selv.',
  ),
  'crm.rate-limited': says(
    'Grensen for forespørsler til CRM er nådd.',
    'Senk CRM_REQUESTS_PER_MINUTE hvis det skjer igjen.',
  ),
  'crm.unauthorized': says('CRM avviser tokenet.', 'Legg inn riktig crm-api-token.'),
  'crm.unavailable': says('CRM kunne ikke ta imot numrene akkurat nå.', 'Ingenting.'),
  'bug.unexpected': says(
    'Programmet møtte noe det ikke har svar på.',
    'Meld fra med logglinjen; prøv igjen etter en oppdatering.',
  ),
};
