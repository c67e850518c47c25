import {
  emailsOf,
  fromStored,
  isAssociateNo,
  phoneOf,
  sameName,
  type AssociateNo,
  type ContactValues,
  type CrmId,
  type RecordRef,
} from '../record/index.ts';
import type { AssociateRow } from '../erp/index.ts';
import { recordOfText, refText, type PendingRow } from '../store/index.ts';
import type { SyncDeps } from '../sync/index.ts';

/** By what a person is looked for. A name alone would find others: it goes with the customer. */
export type PersonQuery =
  | { readonly by: 'record'; readonly ref: RecordRef }
  | { readonly by: 'actor-number'; readonly associateNo: AssociateNo }
  | { readonly by: 'email'; readonly text: string }
  | { readonly by: 'phone'; readonly text: string }
  | { readonly by: 'name'; readonly text: string; readonly customer: Customer };

/** A customer by its CRM id, its row in the ERP, or both. */
export interface Customer {
  readonly crmId: CrmId | null;
  readonly associateNo: AssociateNo | null;
}

/** One person, as far as this program and the ERP know of them. */
export interface Person {
  /** The CRM's contact records. */
  readonly refs: readonly RecordRef[];
  /** The ERP's rows: those of the records, and any that the query itself found. */
  readonly rows: readonly AssociateRow[];
}

type FindDeps = Pick<SyncDeps, 'ledger' | 'erp'>;

/** What two sides are compared by. Personal. */
interface Traits {
  readonly name: string;
  readonly emails: readonly string[];
  readonly phones: readonly string[];
  readonly customer: Customer;
}

/**
 * Looks at all rows of the ERP and all changes that are on their way, so that no spelling hides anybody: for a request
 * now and then, not for a change. A query by id or number reads only what it names.
 */
export async function findPerson(deps: FindDeps, query: PersonQuery): Promise<Person> {
  if (query.by === 'record') return known(deps, [query.ref], []);
  if (query.by === 'actor-number') return known(deps, [], await rowsOf(deps, query.associateNo));
  const fits = matcher(query);
  const rows: AssociateRow[] = [];
  for await (const page of deps.erp.scan()) rows.push(...page.filter((row) => isPerson(row) && fits(traitsOfRow(row))));
  return known(deps, await pendingWith(deps, fits), rows);
}

const rowsOf = async ({ erp }: FindDeps, associateNo: AssociateNo): Promise<readonly AssociateRow[]> =>
  (await erp.find({ associateNo })).filter((row) => row.associateNo === associateNo);

/** A contact's row; customers and suppliers are companies, whose rows are accounting's. */
export const isPerson = (row: AssociateRow): boolean =>
  row.customerNo === 0 && row.supplierNo === 0 && row.deliverTo === 0;

/** Completes what was found: records by their rows, rows by their records. */
async function known(deps: FindDeps, refs: readonly RecordRef[], rows: readonly AssociateRow[]): Promise<Person> {
  const records = new Map(refs.map((ref) => [refText(ref), ref]));
  for (const { associateNo } of rows) {
    const holder = await deps.ledger.holderOf(associateNo);
    if (holder !== null && recordOfText(holder).kind === 'contact') records.set(holder, recordOfText(holder));
  }
  const found = new Map(rows.map((row) => [row.associateNo, row]));
  for (const ref of records.values()) {
    const state = await deps.ledger.readState(ref);
    const associateNo = state?.row.associateNo ?? null;
    if (associateNo !== null && !found.has(associateNo)) {
      for (const row of await rowsOf(deps, associateNo)) found.set(row.associateNo, row);
    }
  }
  return { refs: [...records.values()], rows: [...found.values()] };
}

/** Changes that wait name people whom the ERP does not know yet. */
async function pendingWith({ ledger }: FindDeps, fits: (traits: Traits) => boolean): Promise<readonly RecordRef[]> {
  const refs: RecordRef[] = [];
  for (const shard of ledger.shards) {
    for await (const listed of ledger.list(shard, ['pending'])) {
      if (listed.is !== 'pending' || listed.row.ref.kind !== 'contact') continue;
      const { pending } = await ledger.read(listed.row.ref);
      const values = pending && contactValues(pending.row);
      if (values && fits(traitsOfValues(values))) refs.push(listed.row.ref);
    }
  }
  return refs;
}

/** What a change that waits says of a contact; null when it says nothing, or not any more. */
export function contactValues(row: PendingRow): ContactValues | null {
  if (row.body === '') return null;
  const body = fromStored(row.body);
  return body.op === 'upsert' && body.kind === 'contact' ? body.values : null;
}

function matcher(query: Extract<PersonQuery, { by: 'email' | 'phone' | 'name' }>): (traits: Traits) => boolean {
  switch (query.by) {
    case 'email': {
      const wanted = emailsOf(query.text);
      return ({ emails }) => wanted.some((email) => emails.includes(email));
    }
    case 'phone': {
      const wanted = phoneOf(query.text);
      return ({ phones }) => wanted !== null && phones.includes(wanted);
    }
    case 'name':
      return ({ name, customer }) => isSameCustomer(customer, query.customer) && sameName(name, query.text);
  }
}

const isSameCustomer = (a: Customer, b: Customer): boolean =>
  (a.crmId !== null && a.crmId === b.crmId) || (a.associateNo !== null && a.associateNo === b.associateNo);

const phones = (...texts: readonly string[]): readonly string[] => texts.map(phoneOf).filter((phone) => phone !== null);

function traitsOfRow(row: AssociateRow): Traits {
  return {
    name: row.name.reveal(),
    emails: emailsOf(row.emailAddress.reveal()),
    phones: phones(row.phone.reveal(), row.mobilePhone.reveal()),
    customer: { crmId: null, associateNo: isAssociateNo(row.contactFor) ? row.contactFor : null },
  };
}

function traitsOfValues(values: ContactValues): Traits {
  const { name, emailAddress, phoneNumber, relatedCustomerActorNumber, relatedCustomerCrmId } = values;
  return {
    name: name.reveal(),
    emails: emailsOf(emailAddress?.reveal() ?? ''),
    phones: phones(phoneNumber?.reveal() ?? ''),
    customer: { crmId: relatedCustomerCrmId ?? null, associateNo: relatedCustomerActorNumber ?? null },
  };
}
