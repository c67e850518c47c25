export interface Unverified {
  readonly fact: string;
  /** What the program does so that either answer is safe. */
  readonly handling: string;
}

/** What Visma does not document and nobody has yet seen proved; worth a try in a test company before going live. */
export const UNVERIFIED: readonly Unverified[] = [
  {
    fact: 'How long externalId may be, whether every access group may write it, and whether another integration uses it.',
    handling:
      'A foreign id in it is never overwritten. An id that comes back changed stops the flow (erp.external-id-changed); choose another NXT_EXTERNAL_ID_COLUMN, such as a free information column.',
  },
  {
    fact: 'The GraphQL name of LiaAct (contact for) and DelToAct.',
    handling: 'Found by the SQL name in the schema’s description; NXT_CONTACT_FOR_COLUMN names the first by hand.',
  },
  {
    fact: 'Whether setting LiaAct fills in other columns, such as the company’s address.',
    handling: 'Columns the CRM does not manage are left as the ERP made them.',
  },
  {
    fact: 'What onError does when it is left out, and what items holds after a refused row.',
    handling:
      'FAIL_TABLE is sent where the schema has it. Answers are matched by external id or number, never by position; a row without proof is looked up before anything is sent again.',
  },
  {
    fact: 'Whether 429 comes with Retry-After.',
    handling: 'It is obeyed when it comes; otherwise the program slows down by itself and tries again.',
  },
  {
    fact: 'Text lengths in NXT (80 for names is from older documentation), and whether too long is refused or cut.',
    handling:
      'Longer values are listed as value.too-long; a row stored differently from what was sent is erp.row-altered.',
  },
  {
    fact: 'How suggest treats a full interval of customer numbers.',
    handling: 'A number of 0, or outside the interval, is a failure; a full interval stops the flow and says so.',
  },
  {
    fact: 'The largest page, batch and body the service takes.',
    handling: 'Pages of 500, at most 100 rows in a request; a batch that is refused is taken apart.',
  },
  {
    fact: 'Which columns a usable customer needs besides name and number.',
    handling: 'Set payment terms, VAT code, group and delivery of documents in NXT_CUSTOMER_DEFAULTS.',
  },
  {
    fact: 'Whether the ERP refuses to delete a row with history.',
    handling: 'Nothing is deleted unless NXT_ON_CONTACT_DELETED=delete; then a refusal is listed as erp.row-refused.',
  },
];
