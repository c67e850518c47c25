import type { AssociateRow } from '../erp/index.ts';
import { Personal } from '../privacy/index.ts';
import { CONTACT_FIELDS, idKey, type ContactValues, type RecordRef } from '../record/index.ts';
import { refText } from '../store/index.ts';
import { textsOfRow, type SyncDeps } from '../sync/index.ts';
import { contactValues, findPerson, isPerson, type PersonQuery } from './find-person.ts';

/** The ERP's synced fields of one row, as they stand there now. Personal: it is the person's copy and nobody else's. */
export interface HeldInErp {
  readonly actorNumber: number;
  readonly mobilePhone: string;
  readonly address: readonly string[];
  readonly postalCode: string;
  readonly city: string;
  /** The customer the person is a contact of (aktørnummer); 0 for none. */
  readonly relatedCustomerActorNumber: number;
  /** Every personal field of a contact, by its name in the change event. */
  readonly [field: string]: string | number | readonly string[];
}

/** What this program holds of one record. */
export interface HeldHere {
  /** `contact:P-1` */
  readonly record: string;
  /** A change that is not applied yet, with its values; null when there is none. */
  readonly pending: { readonly receivedAt: string; readonly values: Readonly<Record<string, string | number>> } | null;
  /** The link and its times; keyed hashes, from which no value can be read, are named by their fields. */
  readonly link: {
    readonly actorNumber: number | null;
    readonly relatedCustomerActorNumber: number | null;
    readonly lastWriteAt: string;
    readonly deletedAt: string;
    readonly hashedFields: readonly string[];
  } | null;
  readonly failure: { readonly code: string; readonly since: string } | null;
  readonly isRestricted: boolean;
  readonly isSuppressed: boolean;
}

/** The answer to a request for access: everything about one person, nothing about others. */
export interface AccessAnswer {
  /** ISO 8601, UTC. */
  readonly at: string;
  readonly heldHere: readonly HeldHere[];
  readonly heldInErp: readonly HeldInErp[];
}

/** @throws Failure when the ERP does not answer: half an answer would be a wrong one */
export async function access(deps: SyncDeps, query: PersonQuery): Promise<AccessAnswer> {
  const { refs, rows } = await findPerson(deps, query);
  return {
    at: new Date(deps.now()).toISOString(),
    heldHere: (await Promise.all(refs.map((ref) => heldHere(deps, ref)))).filter((held) => held !== null),
    heldInErp: rows.filter(isPerson).map(heldInErp),
  };
}

/** Null for a record of which nothing at all is known here. */
async function heldHere(deps: SyncDeps, ref: RecordRef): Promise<HeldHere | null> {
  const { ledger, restrictions, suppressions } = deps;
  const [{ pending, state }, failed, isRestricted, isSuppressed] = await Promise.all([
    ledger.read(ref),
    ledger.readFailed(ref),
    restrictions.holds(ref),
    suppressions.covers([{ by: 'id', text: idKey(ref.crmId) }]),
  ]);
  if (!pending && !state && !failed && !isRestricted && !isSuppressed) return null;
  const values = pending && contactValues(pending.row);
  return {
    record: refText(ref).replace('|', ':'),
    pending: pending && { receivedAt: pending.row.receivedAt, values: values ? revealed(values) : {} },
    link: state && {
      actorNumber: state.row.associateNo,
      relatedCustomerActorNumber: state.row.parentNo,
      lastWriteAt: state.row.lastWriteAt,
      deletedAt: state.row.deletedAt,
      hashedFields: Object.keys(state.row.hashes),
    },
    failure: failed && { code: failed.row.code, since: failed.row.since },
    isRestricted,
    isSuppressed,
  };
}

const revealed = (values: ContactValues): Readonly<Record<string, string | number>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]: [string, Personal | string | number]) => [
      name,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );

const PERSONAL = CONTACT_FIELDS.filter(({ personal }) => personal).map(({ name }) => name);

function heldInErp(row: AssociateRow): HeldInErp {
  const lines = [row.addressLine1, row.addressLine2, row.addressLine3, row.addressLine4];
  return {
    actorNumber: row.associateNo,
    ...Object.fromEntries(PERSONAL.map((field) => [field, textsOfRow(field, row)[0] ?? ''])),
    mobilePhone: row.mobilePhone.reveal(),
    address: lines.map((line) => line.reveal()).filter((line) => line !== ''),
    postalCode: row.postCode.reveal(),
    city: row.postalArea.reveal(),
    relatedCustomerActorNumber: row.contactFor,
  };
}
