import { writeFile } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { osloTime } from '../../shared/oslo-time.ts';
import {
  accessPage,
  createRights,
  receiptText,
  type Erased,
  type Receipt,
  type Rights,
} from '../../shared/rights/index.ts';
import { recordText } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { actorOf } from '../selection.ts';
import { count, json, jsonLines, table } from '../text.ts';
import type { AccessFlags, CaseFlags, DecideFlags, EraseFlags, UnrestrictFlags } from './privacy-flags.ts';
import { contactOf, toQuery, toRequest } from './privacy-query.ts';

const BETWEEN_LOOKS_MS = 2_000;
const LONGEST_LOOK_MS = 60_000;

async function rightsOf({ runtime, goesOn }: Session): Promise<Rights> {
  const { sync, control } = await runtime();
  goesOn();
  return createRights(sync, control);
}

export async function giveAccess(session: Session, record: string | undefined, flags: AccessFlags): Promise<ExitCode> {
  const { context } = session;
  const query = await toQuery(record, flags);
  const request = toRequest(flags);
  const rights = await rightsOf(session);
  const { answer, receipt } = await rights.access(query, request, actorOf(context, flags));
  if (flags.out !== undefined) {
    await writeFile(flags.out, await accessPage(answer, flags.language), { mode: 0o600 });
    context.err(`Written to ${flags.out}. It holds personal data: delete it when it has been sent.`);
  } else {
    context.out(flags.json ? json({ ...answer, receipt: receipt.id }) : JSON.stringify(answer, null, 2));
  }
  context.err(`Receipt ${receipt.id}.`);
  return 0;
}

export async function erasePerson(session: Session, record: string | undefined, flags: EraseFlags): Promise<ExitCode> {
  const { context } = session;
  const request = toRequest(flags);
  const actor = actorOf(context, flags);
  if (flags.undo) {
    if (record === undefined) throw new UsageError('error: name the record: privacy erase contact:P-2001 --undo');
    const { receipt, lifted } = await (await rightsOf(session)).undoErasure(contactOf(record), request, actor);
    context.out(lifted === 0 ? 'Nothing was blocked.' : `The person may be read in again. Receipt ${receipt.id}.`);
    return 0;
  }
  const query = await toQuery(record, flags);
  const rights = await rightsOf(session);
  if (!flags.yes) {
    const { records, associateNos } = await rights.find(query);
    context.out(
      records.length + associateNos.length === 0
        ? 'Nobody is found. With --yes a record that is named is kept from being read in all the same.'
        : `Found: ${[...records.map(recordText), ...associateNos.map((no) => `actor number ${no}`)].join(', ')}.\nNothing was done; --yes erases.`,
    );
    return 0;
  }
  const erased = await rights.erase(query, request, actor);
  const { receipt, underWay } = await untilDone(session, rights, erased);
  context.out(flags.json ? json(receipt) : receiptText(receipt, 'en'));
  if (erased.unlinked.length > 0) {
    context.err(`Not this program’s rows, for accounting to erase: actor number ${erased.unlinked.join(', ')}.`);
  }
  if (underWay.length === 0) return 0;
  context.err(`Under way: ${underWay.map(recordText).join(', ')}. Finish with: privacy receipt ${receipt.id}`);
  return 1;
}

/** A row that was written a moment ago is left alone for some seconds: a person at the desk waits for that. */
async function untilDone(
  { goesOn }: Session,
  rights: Rights,
  begun: Pick<Erased, 'receipt' | 'underWay'>,
): Promise<Pick<Erased, 'receipt' | 'underWay'>> {
  let now = begun;
  for (let waited = 0; now.underWay.length > 0 && waited < LONGEST_LOOK_MS; waited += BETWEEN_LOOKS_MS) {
    await delay(BETWEEN_LOOKS_MS);
    goesOn();
    now = (await rights.finishErasure(now.receipt.id)) ?? now;
  }
  return now;
}

export async function showProof(session: Session, record: string, flags: JsonFlags): Promise<ExitCode> {
  const { context } = session;
  const found = await (await rightsOf(session)).proof(contactOf(record));
  if (flags.json) context.out(json(found));
  else {
    context.out(`${record}: ${found.stands}`);
    if (found.lastWriteAt !== '')
      context.out(`last written ${osloTime(found.lastWriteAt)} (event ${found.appliedEvent})`);
    if (Object.keys(found.fields).length > 0) context.out(table(['field', 'in the ERP'], Object.entries(found.fields)));
  }
  return found.stands === 'in-sync' && Object.values(found.fields).every((each) => each === 'arrived') ? 0 : 1;
}

export async function restrictRecord(session: Session, name: string, flags: CaseFlags): Promise<ExitCode> {
  const receipt = await (
    await rightsOf(session)
  ).restrict(contactOf(name), toRequest(flags), actorOf(session.context, flags));
  return sayHeld(session, receipt, flags, 'Restricted: its changes are held.');
}

export async function objectTo(session: Session, name: string, flags: CaseFlags): Promise<ExitCode> {
  const receipt = await (
    await rightsOf(session)
  ).object(contactOf(name), toRequest(flags), actorOf(session.context, flags));
  const until = `to be decided by ${osloTime(receipt.deadline)}: privacy decide ${receipt.id} --granted|--rejected`;
  return sayHeld(session, receipt, flags, `Restricted until the objection is decided, ${until}.`);
}

function sayHeld({ context }: Session, receipt: Receipt, flags: JsonFlags, text: string): ExitCode {
  context.out(
    flags.json
      ? json(receipt)
      : `${text} Every instance knows within five seconds.
Receipt ${receipt.id}.`,
  );
  return 0;
}

export async function unrestrictRecord(session: Session, name: string, flags: UnrestrictFlags): Promise<ExitCode> {
  if ((flags.apply ?? false) === (flags.drop ?? false)) {
    throw new UsageError('error: say --apply or --drop: what becomes of the changes that came meanwhile');
  }
  const receipt = await (
    await rightsOf(session)
  ).unrestrict(contactOf(name), flags.apply ? 'apply' : 'drop', toRequest(flags), actorOf(session.context, flags));
  session.context.out(flags.json ? json(receipt) : receiptText(receipt, 'en'));
  return 0;
}

export async function decide(session: Session, id: string, flags: DecideFlags): Promise<ExitCode> {
  if ((flags.granted ?? false) === (flags.rejected ?? false))
    throw new UsageError('error: say --granted or --rejected');
  const decision = flags.granted ? 'granted' : 'rejected';
  const { context } = session;
  const receipt = await (await rightsOf(session)).decide(id, decision, toRequest(flags), actorOf(context, flags));
  if (!receipt) return unknown(session, id);
  context.out(flags.json ? json(receipt) : receiptText(receipt, 'en'));
  return 0;
}

export async function listReceipts(session: Session, flags: JsonFlags): Promise<ExitCode> {
  const { context } = session;
  const receipts = await (await rightsOf(session)).receipts();
  if (flags.json) jsonLines(context.out, receipts);
  else if (receipts.length === 0) context.out('No request so far.');
  else {
    context.out(
      table(
        ['receipt', 'right', 'records', 'asked', 'to be answered by', 'finished'],
        receipts.map(({ id, right, records, at, deadline, endedAt }) => [
          id,
          right,
          records.join(' '),
          osloTime(at),
          osloTime(deadline),
          endedAt === '' ? 'under way' : osloTime(endedAt),
        ]),
      ),
    );
  }
  return 0;
}

export async function showReceipt(session: Session, id: string, flags: AccessFlags): Promise<ExitCode> {
  const { context } = session;
  const rights = await rightsOf(session);
  const found = await rights.receipt(id);
  if (!found) return unknown(session, id);
  const isOpen = found.right === 'erasure' && found.endedAt === '';
  const receipt = isOpen ? ((await rights.finishErasure(id))?.receipt ?? found) : found;
  context.out(flags.json ? json(receipt) : receiptText(receipt, flags.language));
  return receipt.endedAt === '' ? 1 : 0;
}

function unknown({ context }: Session, id: string): ExitCode {
  context.err(`There is no such receipt: ${id}. privacy receipts lists them.`);
  return 1;
}

export async function showReport(session: Session, flags: JsonFlags): Promise<ExitCode> {
  const { context } = session;
  const report = await (await rightsOf(session)).report();
  if (flags.json) {
    context.out(json(report));
    return 0;
  }
  const { withValues, oldestValueAt, failed, known, deleted, restricted, suppressionEntries, openRequests } = report;
  context.out(
    [
      `${count(withValues, 'change')} on the way or waiting` +
        (oldestValueAt === ''
          ? ': no personal value is held.'
          : `; the oldest is here since ${osloTime(oldestValueAt)}.`),
      `${count(failed, 'failure')} for a person; values go after ${report.retentionFailedDays} days.`,
      `${count(known, 'record')} known by ids, numbers and keyed hashes, without values; ${deleted} of them deleted in the CRM, kept ${report.retentionDeletedDays} days.`,
      `${count(restricted, 'record')} restricted. ${suppressionEntries === 1 ? '1 entry keeps' : `${suppressionEntries} entries keep`} erased people from being read in again.`,
      openRequests === 0
        ? 'No open request.'
        : `${count(openRequests, 'open request')}; the first is to be answered by ${osloTime(report.nextDeadline)}.`,
      ...(report.unreadable > 0 ? [`${count(report.unreadable, 'row')} cannot be read by this version.`] : []),
    ].join('\n'),
  );
  return 0;
}
