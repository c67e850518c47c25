import type { AssociateRow } from '../erp/index.ts';
import { emailsOf, idKey, phoneOf, storedOp, type RecordRef } from '../record/index.ts';
import { recordOfText, refText, type PersonKey } from '../store/index.ts';
import { acceptChanges, applyChange, type SyncDeps } from '../sync/index.ts';
import { contactValues, findPerson, isPerson, type Person, type PersonQuery } from './find-person.ts';
import type { NewReceipt, Receipt, Receipts } from './receipts.ts';

type Request = Omit<NewReceipt, 'right' | 'records' | 'associateNos'>;

/** What became of an erasure; `receipt.endedAt` is empty while some of it is still under way. */
export interface Erased {
  readonly receipt: Receipt;
  /** Records whose row in the ERP could not be emptied yet: it is done as soon as the ERP takes it. */
  readonly underWay: readonly RecordRef[];
  /** Rows in the ERP that no record of the CRM leads to: this program never wrote them, accounting empties them. */
  readonly unlinked: readonly number[];
}

/**
 * Erases a person: nothing the CRM sends brings them back, what waits here is replaced by an order to erase, and the
 * row in the ERP is deleted or emptied. Killed in between, or run twice, the same call finishes it.
 *
 * @throws Failure when the ERP cannot be asked who it is; nothing was done then
 */
export async function erase(deps: SyncDeps, receipts: Receipts, query: PersonQuery, request: Request): Promise<Erased> {
  const person = await findPerson(deps, query);
  const linked = new Set(await linkedNumbers(deps, person.refs));
  const unlinked = person.rows.filter((row) => isPerson(row) && !linked.has(row.associateNo));
  const receipt = await receipts.begin({
    ...request,
    right: 'erasure',
    records: person.refs.map((ref) => refText(ref).replace('|', ':')),
    associateNos: person.rows.map(({ associateNo }) => associateNo),
  });
  // The list first: from here on nothing new comes in, and what is under way finds it before it creates anybody.
  const { keys, shared } = await keysOf(deps, person);
  await deps.suppressions.add(keys, receipt.id);
  for (const ref of person.refs) await orderErasure(deps, ref, receipt.id);
  const done = {
    records: person.refs.length,
    suppressionEntries: keys.length,
    sharedAddressesLeftOut: shared,
    rowsOfOthersMaking: unlinked.length,
  };
  const begun = (await receipts.change(receipt.id, { done })) ?? receipt;
  return {
    ...(await finishErasure(deps, receipts, begun)),
    unlinked: unlinked.map(({ associateNo }) => associateNo),
  };
}

/** Carries out what is still under way of an erasure, as far as the ERP lets it; the receipt says what came of it. */
export async function finishErasure(
  deps: SyncDeps,
  receipts: Receipts,
  receipt: Receipt,
): Promise<Pick<Erased, 'receipt' | 'underWay'>> {
  const underWay: RecordRef[] = [];
  for (const ref of receipt.records.map((text) => recordOfText(text.replace(':', '|')))) {
    await applyChange(deps, ref);
    if (await isUnderWay(deps, ref)) underWay.push(ref);
  }
  const done = { ...receipt.done, underWay: underWay.length };
  const endedAt = underWay.length === 0 ? new Date(deps.now()).toISOString() : '';
  return { receipt: (await receipts.change(receipt.id, { done, endedAt })) ?? receipt, underWay };
}

/** The person may be taken in again; how many entries went. */
export async function undoErasure(
  deps: SyncDeps,
  receipts: Receipts,
  ref: RecordRef,
  request: Request,
): Promise<{ readonly receipt: Receipt; readonly lifted: number }> {
  const records = [refText(ref).replace('|', ':')];
  const receipt = await receipts.begin({ ...request, right: 'erasure-undone', records, associateNos: [] });
  const lifted = await deps.suppressions.lift([{ by: 'id', text: idKey(ref.crmId) }]);
  await forget(deps, ref);
  const changes = { done: { suppressionEntries: lifted }, endedAt: new Date(deps.now()).toISOString() };
  return { receipt: (await receipts.change(receipt.id, changes)) ?? receipt, lifted };
}

/** What the CRM says from now on is new, also where it is older than the erasure. */
async function forget({ ledger, tombstones }: SyncDeps, ref: RecordRef): Promise<void> {
  await tombstones.lift(ref);
  for (;;) {
    const state = await ledger.readState(ref);
    if (!state || state.row.deletedAt === '') return;
    if ((await ledger.removeState(state)) === 'conflict') continue;
    if (state.row.associateNo !== null) await ledger.releaseAssociate(state.row.associateNo, ref);
    return;
  }
}

async function linkedNumbers({ ledger }: SyncDeps, refs: readonly RecordRef[]): Promise<readonly number[]> {
  const states = await Promise.all(refs.map((ref) => ledger.readState(ref)));
  return states.flatMap((state) => state?.row.associateNo ?? []);
}

/**
 * Id, addresses and numbers of the person. An address that somebody else in the ERP has too (post@firma.no, a
 * switchboard) is left out: it would keep others away.
 */
async function keysOf(
  deps: SyncDeps,
  { refs, rows }: Person,
): Promise<{ readonly keys: readonly PersonKey[]; readonly shared: number }> {
  const texts = { emails: new Set<string>(), phones: new Set<string>() };
  const note = (emails: string, ...phones: readonly string[]): void => {
    for (const email of emailsOf(emails)) texts.emails.add(email);
    for (const phone of phones.map(phoneOf)) if (phone !== null) texts.phones.add(phone);
  };
  for (const row of rows) note(row.emailAddress.reveal(), row.phone.reveal(), row.mobilePhone.reveal());
  for (const ref of refs) {
    const { pending } = await deps.ledger.read(ref);
    const values = pending && contactValues(pending.row);
    if (values) note(values.emailAddress?.reveal() ?? '', values.phoneNumber?.reveal() ?? '');
  }
  const before = texts.emails.size + texts.phones.size;
  if (before > 0) await dropShared(deps, rows, texts);
  return {
    keys: [
      ...refs.map(({ crmId }) => ({ by: 'id', text: idKey(crmId) }) as const),
      ...[...texts.emails].map((text) => ({ by: 'email', text }) as const),
      ...[...texts.phones].map((text) => ({ by: 'phone', text }) as const),
    ],
    shared: before - texts.emails.size - texts.phones.size,
  };
}

async function dropShared(
  { erp }: SyncDeps,
  mine: readonly AssociateRow[],
  texts: { readonly emails: Set<string>; readonly phones: Set<string> },
): Promise<void> {
  const own = new Set(mine.map(({ associateNo }) => associateNo));
  for await (const page of erp.scan()) {
    for (const row of page) {
      if (own.has(row.associateNo)) continue;
      for (const email of emailsOf(row.emailAddress.reveal())) texts.emails.delete(email);
      for (const phone of [row.phone, row.mobilePhone]) texts.phones.delete(phoneOf(phone.reveal()) ?? '');
    }
  }
}

/** Takes the place of whatever waits for the record, values and all; carried out like any change. */
async function orderErasure(deps: SyncDeps, ref: RecordRef, receipt: string): Promise<void> {
  const key = { version: null, occurredAt: new Date(deps.now()).toISOString(), eventId: `erase:${receipt}` };
  await acceptChanges(deps, [{ ref, key, body: { op: 'erase', kind: ref.kind }, warnings: [] }], receipt);
}

async function isUnderWay({ ledger }: SyncDeps, ref: RecordRef): Promise<boolean> {
  const { pending } = await ledger.read(ref);
  return pending !== null && storedOp(pending.row.body) === 'erase';
}
