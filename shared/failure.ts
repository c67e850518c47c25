/**
 * What the program does with a failure. The code carries the decision; `docs/failures.md` says the same for people.
 *
 * - `wait`: nothing is wrong with the change, something else comes first; no attempt is spent.
 * - `retry`: the ERP, the CRM or storage cannot do it just now.
 * - `configuration`: nothing can work until a person mends a setting, a secret or a right; the flow stops.
 * - `refuse`: this record needs a person; it is listed as failed and has a pointer in the poison queue.
 * - `bug`: our own mistake; listed like a refusal, never repeated as if it were the network.
 */
export type Decision = 'wait' | 'retry' | 'configuration' | 'refuse' | 'bug';

/** `record` = the cause lies with one record; `global` = every record would meet it. */
export type Scope = 'record' | 'global';

interface Entry {
  readonly decision: Decision;
  readonly scope: Scope;
  /** What it means, one sentence for an operator. */
  readonly meaning: string;
  /** What to do about it. */
  readonly action: string;
}

const entry = (decision: Decision, scope: Scope, meaning: string, action: string): Entry => ({
  decision,
  scope,
  meaning,
  action,
});

/** Every code there is. `docs/failures.md` is generated from this table. */
export const FAILURES = {
  // Waiting
  'lease.held': entry('wait', 'record', 'Another instance works on the record.', 'Nothing.'),
  'customer.missing': entry(
    'wait',
    'record',
    'The contact waits for its customer to get an actor number.',
    'Nothing, unless the customer itself is listed as failed.',
  ),
  'write.in-doubt': entry(
    'wait',
    'record',
    'The answer to an earlier write was lost; the write may still land.',
    'Nothing: the program looks again when the doubt has passed.',
  ),
  'crm.not-yet-shown': entry(
    'wait',
    'record',
    'The CRM does not show yet what it has just told.',
    'Nothing: the record is read again in a few seconds.',
  ),
  'claim.held': entry(
    'wait',
    'record',
    'Another record with the same organisation number is being created.',
    'Nothing.',
  ),
  // The other side cannot just now
  'erp.unreachable': entry(
    'retry',
    'global',
    'The ERP could not be reached.',
    'Nothing; check Visma’s status page if it lasts.',
  ),
  'erp.timeout': entry(
    'retry',
    'global',
    'The ERP did not answer in time.',
    'Nothing; check Visma’s status page if it lasts.',
  ),
  'erp.unavailable': entry(
    'retry',
    'global',
    'The ERP answered with a server error.',
    'Nothing; check Visma’s status page if it lasts.',
  ),
  'erp.rate-limited': entry(
    'retry',
    'global',
    'The ERP’s limit of requests per minute was reached.',
    'Lower NXT_REQUESTS_PER_MINUTE if it recurs.',
  ),
  'erp.outstanding-limit': entry(
    'retry',
    'global',
    'The company has too many ERP requests in progress, over all its integrations.',
    'Lower NXT_MAX_IN_PROGRESS, or look for another integration that floods the company.',
  ),
  'erp.request-failed': entry(
    'retry',
    'record',
    'The ERP, or a firewall before it, answers this record’s requests with an error or not at all, while it answers others.',
    'Look for a text in the record that a firewall may stop, and give Visma the trace id; correct the record in the CRM, or replay it.',
  ),
  'erp.unreadable': entry(
    'retry',
    'record',
    'A row in the ERP’s answer holds something this program cannot read.',
    'Look at that column of the record’s row in the ERP; run doctor if it concerns many.',
  ),
  'erp.unknown': entry(
    'retry',
    'record',
    'The ERP answered with an error this program does not know.',
    'Give Visma the trace id from the log line.',
  ),
  'token.unreachable': entry(
    'retry',
    'global',
    'Visma Connect could not be reached for a token.',
    'Nothing; check Visma’s status page if it lasts.',
  ),
  'secrets.unreachable': entry(
    'retry',
    'global',
    'Key Vault could not be read just now.',
    'Check the vault and the identity’s role if it lasts.',
  ),
  'storage.unavailable': entry(
    'retry',
    'global',
    'Azure Storage could not be used just now.',
    'Check the storage account if it lasts.',
  ),
  // A person must mend the set-up
  'token.invalid-client': entry(
    'configuration',
    'global',
    'Visma Connect refuses the client id or secret.',
    'Put the right visma-client-id and visma-client-secret in place; the program fetches them again by itself.',
  ),
  'token.invalid-scope': entry(
    'configuration',
    'global',
    'Visma Connect refuses the scope.',
    'Check VISMA_SCOPE and that the integration is approved in the Developer Portal.',
  ),
  'token.refused': entry(
    'configuration',
    'global',
    'Visma Connect refuses to give this client a token.',
    'Check the application in the Visma Developer Portal.',
  ),
  'erp.unauthorized': entry(
    'configuration',
    'global',
    'The ERP refuses a fresh token.',
    'Check NXT_GRAPHQL_URL, VISMA_SCOPE and the application’s approval.',
  ),
  'erp.forbidden': entry(
    'configuration',
    'global',
    'The ERP, or a firewall before it, refuses every request (403).',
    'Check NXT_GRAPHQL_URL, the rights of the access group, and what stands between this app and the ERP.',
  ),
  'erp.no-company-access': entry(
    'configuration',
    'global',
    'The client has no access to the company.',
    'Check NXT_COMPANY_NO and the rows in Connect Application Access.',
  ),
  'erp.schema': entry(
    'configuration',
    'global',
    'A column or operation the program needs is missing in the ERP’s schema.',
    'Run doctor: it names the column and the setting.',
  ),
  'erp.number-interval-full': entry(
    'configuration',
    'global',
    'No free customer number is left in the interval.',
    'Widen NXT_CUSTOMER_NUMBER_FROM … NXT_CUSTOMER_NUMBER_TO.',
  ),
  'erp.external-id-changed': entry(
    'configuration',
    'global',
    'The ERP stored a different external id than was sent (a short column?).',
    'Choose another NXT_EXTERNAL_ID_COLUMN.',
  ),
  'settings.invalid': entry(
    'configuration',
    'global',
    'A setting is missing or wrong.',
    'The message names each setting.',
  ),
  'secrets.missing': entry(
    'configuration',
    'global',
    'A secret is not in Key Vault (or not in the environment).',
    'Put it there; docs/setup.md says how.',
  ),
  // A person must look at the record
  'value.missing': entry(
    'refuse',
    'record',
    'A required field is empty.',
    'Fill it in the CRM; the next event brings it.',
  ),
  'value.too-long': entry(
    'refuse',
    'record',
    'A value is longer than the ERP’s column.',
    'Shorten it in the CRM; the next event brings it.',
  ),
  'value.invalid': entry(
    'refuse',
    'record',
    'A value has the wrong form.',
    'Correct it in the CRM; the next event brings it.',
  ),
  'value.national-id': entry(
    'refuse',
    'record',
    'A name holds a national identity number. Nothing of the record was kept.',
    'Take the number out of the CRM; the next event brings the record.',
  ),
  'value.broken-letters': entry(
    'refuse',
    'record',
    'A name has lost letters (U+FFFD) before it came here. Another field with lost letters is only left as it is.',
    'Write the text anew in the CRM and look at the encoding of what filled it; the next event brings the record.',
  ),
  'match.ambiguous': entry(
    'refuse',
    'record',
    'More than one ERP row could be this record.',
    '`link` the record to the right row, or replay with `--create` if it is none of them.',
  ),
  'match.possible': entry(
    'refuse',
    'record',
    'No number finds the customer, but an ERP row has the same name and perhaps the same place.',
    'If it is the same company, `link` the two; if not, replay with `--create`. NXT_SAME_NAME=create never asks.',
  ),
  'record.merged': entry(
    'refuse',
    'record',
    'The CRM merged the record into another and changed it afterwards.',
    'Discard the change, or replay with `--create` if it is a record of its own again.',
  ),
  'match.conflict': entry(
    'refuse',
    'record',
    'The numbers contradict each other, the link, or the row that they name.',
    'Correct the numbers in the CRM and replay, or `link` the record to the right row.',
  ),
  'match.already-linked': entry(
    'refuse',
    'record',
    'The ERP row belongs to another CRM record.',
    'Merge the two in the CRM, or replay with `--create`; NXT_SAME_ORG_NUMBER=create never asks.',
  ),
  'link.none': entry(
    'refuse',
    'record',
    'The record is not linked to a row of the ERP, or is not known here.',
    'Check its id; `record` says what became of it, `find` looks for it.',
  ),
  'link.not-found': entry(
    'refuse',
    'record',
    'The CRM names an actor number that the ERP does not have.',
    'Correct the number in the CRM, then replay.',
  ),
  'link.gone': entry(
    'refuse',
    'record',
    'The linked ERP row no longer exists.',
    'Restore the row, or replay with a fresh link.',
  ),
  'create.uncertain': entry(
    'refuse',
    'record',
    'A create was sent, its answer lost, and nothing proves whether it happened.',
    'Look in the ERP; create the row by hand if it is not there. Enter its actor number in the CRM, which sends the record again.',
  ),
  'customer.never-came': entry(
    'refuse',
    'record',
    'The contact’s customer did not get an actor number in time.',
    'Send the customer from the CRM, then replay.',
  ),
  'erp.row-refused': entry(
    'refuse',
    'record',
    'The ERP refuses the row.',
    'The status name in the list says why; correct the record or the defaults, then replay.',
  ),
  'erp.number-in-use': entry(
    'refuse',
    'record',
    'The customer number is in use by another row.',
    'Correct the number in the CRM, then replay.',
  ),
  'erp.number-invalid': entry(
    'refuse',
    'record',
    'The ERP gave no customer number, or one outside the interval.',
    'Check the company’s number series and the interval.',
  ),
  'erp.row-altered': entry(
    'refuse',
    'record',
    'The row the ERP stored differs from what was sent.',
    'Look at the row in the ERP, then replay.',
  ),
  'field.conflict': entry(
    'refuse',
    'record',
    'The CRM and the ERP have both changed the field, to different values, or a person is to be asked about it.',
    'Say which value counts: `reconcile settle <record> --field <name> --use crm` or `--use erp`.',
  ),
  'settle.changed': entry(
    'refuse',
    'record',
    'The field is not what it was when it was listed or shown. Nothing was done.',
    'Look at both values again, then settle it: the list has it as it is now.',
  ),
  'difference.none': entry(
    'refuse',
    'record',
    'The last comparison has no such difference, or it was settled.',
    'Compare again: `reconcile`. The first 500 of each kind are listed.',
  ),
  'record.restricted': entry(
    'refuse',
    'record',
    'Processing of the record is restricted.',
    'Leave it, or end the restriction first: `privacy unrestrict`.',
  ),
  'crm.held': entry(
    'refuse',
    'record',
    'More changes of the ERP came in an hour than CRM_WRITES_PER_HOUR lets through to the CRM.',
    'Let them pass with `failed replay --code crm.held`; or take the CRM’s value: `reconcile settle <record> --field <name> --use crm`.',
  ),
  'deletes.held': entry(
    'refuse',
    'record',
    'More deletions came in an hour than DELETES_PER_HOUR allows.',
    'Release or drop them.',
  ),
  'deletes.mark-occupied': entry(
    'refuse',
    'record',
    'The column for the deletion mark holds something else.',
    'Empty the column in the ERP, or choose another in NXT_CUSTOMER_DELETED_COLUMN; then replay.',
  ),
  'row.unreadable': entry(
    'refuse',
    'record',
    'A stored row of the record cannot be read: another version of the program, or a hand, wrote it.',
    'Bring that version back, or send the record again from the CRM: an event newer than the row takes its place.',
  ),
  'payload.expired': entry(
    'refuse',
    'record',
    'The stored values were deleted when their time was over.',
    'Send the record again from the CRM.',
  ),
  'crash.suspected': entry(
    'refuse',
    'record',
    'The program ended five times while working on this record.',
    'Read the log lines of the record; replay once the cause is found.',
  ),
  'crm.refused': entry(
    'refuse',
    'record',
    'The CRM refuses the numbers or fields (409, 412 or another 4xx; 401 or 403 where other records are taken).',
    'Look at the record in the CRM, then replay.',
  ),
  'crm.value-unfit': entry(
    'refuse',
    'record',
    'The CRM’s own fields cannot hold the value of the ERP: too many address lines, or a name that cannot be told apart into its parts.',
    'Enter it in the CRM by hand, or change it in the ERP; or take the CRM’s value: `--use crm`.',
  ),
  'crm.unauthorized': entry(
    'configuration',
    'global',
    'The CRM refuses the token (401 or 403 for several records).',
    'Put the right crm-api-token in place, and check CRM_API_URL and what the token may do.',
  ),
  'crm.redirected': entry(
    'configuration',
    'global',
    'The CRM answers with redirects, which are not followed: it has moved, or wants somebody to sign in.',
    'Set CRM_API_URL to the address of the CRM’s API itself; the numbers are still owed and go by themselves.',
  ),
  'crm.rate-limited': entry(
    'retry',
    'global',
    'The CRM’s limit of requests was reached.',
    'Lower CRM_REQUESTS_PER_MINUTE if it recurs.',
  ),
  'crm.unavailable': entry('retry', 'global', 'The CRM could not be read or written just now.', 'Nothing.'),
  'bug.unexpected': entry(
    'bug',
    'record',
    'The program met something it has no answer to.',
    'Report it with the log line; replay after an update.',
  ),
} as const satisfies Record<string, Entry>;

export type FailureCode = keyof typeof FAILURES;

export const isFailureCode = (text: string): text is FailureCode => Object.hasOwn(FAILURES, text);

/** A limit that was reached slows requests down; it does not stop the flow. */
export const isLimit = (code: FailureCode): boolean =>
  code === 'erp.rate-limited' || code === 'erp.outstanding-limit' || code === 'crm.rate-limited';

export interface FailureDetails {
  /** Safe for telemetry: a status name, a column, a setting. Never a value from a record. */
  readonly detail?: string;
  /** Associate or customer numbers a person needs to settle it. */
  readonly candidates?: readonly number[];
  /** What the other side asked for, milliseconds. */
  readonly retryAfterMs?: number;
  /** JSON pointers of bad fields. */
  readonly pointers?: readonly string[];
  /** Id to give to Visma’s support. */
  readonly traceId?: string;
}

/** An expected failure. Its message is safe to log: a code, a meaning, never a value. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly code: FailureCode;
  readonly details: FailureDetails;

  constructor(code: FailureCode, details: FailureDetails = {}) {
    super(`${code}: ${FAILURES[code].meaning}${details.detail === undefined ? '' : ` (${details.detail})`}`);
    this.code = code;
    this.details = details;
  }

  get decision(): Decision {
    return FAILURES[this.code].decision;
  }

  get scope(): Scope {
    return FAILURES[this.code].scope;
  }
}
