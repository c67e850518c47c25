import { InvalidArgumentError, type Command } from 'commander';
import type { Tools } from '../context.ts';
import { addJson, addWho, type JsonFlags } from '../flags.ts';
import type { AccessFlags, CaseFlags, DecideFlags, EraseFlags, UnrestrictFlags } from '../work/privacy-flags.ts';

/** `privacy access|erase|restrict|unrestrict|object|decide|proof|receipts|receipt|report` */
export function registerPrivacy(program: Command, tools: Tools): void {
  const privacy = program
    .command('privacy')
    .description('The rights of the people behind the records: access, erasure, restriction, objection, correction.');
  registerPersons(privacy, tools);
  registerRestrictions(privacy, tools);
  registerReceipts(privacy, tools);
}

const load = () => import('../work/privacy.ts');

function registerPersons(privacy: Command, { act }: Tools): void {
  addCase(addWho(addJson(addPerson(privacy.command('access')))))
    .description('Everything held here and in the ERP’s synced fields about one person, and nothing about others.')
    .option('--out <file>', 'a page to print or send, written so that only you can read it')
    .option('--language <nb|en>', 'of the page', language, 'nb')
    .action(
      act(async (session, record: string | undefined, flags: AccessFlags) =>
        (await load()).giveAccess(session, record, flags),
      ),
    );

  addCase(addWho(addJson(addPerson(privacy.command('erase')))))
    .description(
      'Erases a person here and in the ERP, and keeps them from being read in again. Interrupted, it can simply be run again.',
    )
    .option('--yes', 'really do it; without, it says whom it found')
    .option('--undo', 'the relation starts anew: the person may be read in again')
    .addHelpText(
      'after',
      `
Examples:
  privacy erase contact:P-2001                    whom it would concern
  privacy erase contact:P-2001 --yes --requester person --case SAK-117
  privacy erase --email - --yes                   asks for the address, so that it stays out of the shell's history`,
    )
    .action(
      act(async (session, record: string | undefined, flags: EraseFlags) =>
        (await load()).erasePerson(session, record, flags),
      ),
    );

  addJson(privacy.command('proof'))
    .description('Whether a correction made in the CRM has arrived in the ERP, field by field.')
    .argument('<record>', 'such as contact:P-2001')
    .action(act(async (session, record: string, flags: JsonFlags) => (await load()).showProof(session, record, flags)));
}

function registerRestrictions(privacy: Command, { act }: Tools): void {
  const record = 'such as contact:P-2001';
  addCase(addWho(addJson(privacy.command('restrict'))))
    .description('The record is kept and not processed: its changes are held.')
    .argument('<record>', record)
    .action(
      act(async (session, name: string, flags: CaseFlags) => (await load()).restrictRecord(session, name, flags)),
    );

  addCase(addWho(addJson(privacy.command('unrestrict'))))
    .description('Ends a restriction. Say what becomes of the changes that came meanwhile.')
    .argument('<record>', record)
    .option('--apply', 'carry the newest of them out')
    .option('--drop', 'give them up')
    .action(
      act(async (session, name: string, flags: UnrestrictFlags) =>
        (await load()).unrestrictRecord(session, name, flags),
      ),
    );

  addCase(addWho(addJson(privacy.command('object'))))
    .description('An objection (article 21): the record is restricted until it is decided.')
    .argument('<record>', record)
    .action(act(async (session, name: string, flags: CaseFlags) => (await load()).objectTo(session, name, flags)));

  addCase(addWho(addJson(privacy.command('decide'))))
    .description('Records what was decided on an objection; rejected, the processing goes on.')
    .argument('<receipt>', 'its receipt')
    .option('--granted', 'the restriction stays')
    .option('--rejected', 'held changes are carried out')
    .action(act(async (session, id: string, flags: DecideFlags) => (await load()).decide(session, id, flags)));
}

function registerReceipts(privacy: Command, { act }: Tools): void {
  addJson(privacy.command('receipts'))
    .description('What was asked and done, the newest first; open requests with their deadline.')
    .action(act(async (session, flags: JsonFlags) => (await load()).listReceipts(session, flags)));

  addJson(privacy.command('receipt'))
    .description('One receipt as an answer to print or send; finishes an erasure that is still under way.')
    .argument('<id>', 'as `privacy receipts` lists it')
    .option('--language <nb|en>', 'of the answer', language, 'nb')
    .action(act(async (session, id: string, flags: AccessFlags) => (await load()).showReceipt(session, id, flags)));

  addJson(privacy.command('report'))
    .description('What is held here just now, counted; how old the oldest value is; restrictions and open requests.')
    .action(act(async (session, flags: JsonFlags) => (await load()).showReport(session, flags)));
}

const addPerson = (command: Command): Command =>
  command
    .argument('[record]', 'such as contact:P-2001')
    .option('--actor <number>', 'actor number in the ERP (aktørnummer)', wholeNumber)
    .option('--email <address>', 'by e-mail address; - asks for it')
    .option('--phone <number>', 'by phone number; - asks for it')
    .option('--name <name>', 'by name, together with --customer; - asks for it')
    .option('--customer <record|number>', 'the customer: customer:C-1001, or its actor number')
    .usage('<record> | --actor <n> | --email <a> | --phone <n> | --name <n> --customer <c>');

const addCase = (command: Command): Command =>
  command
    .option('--requester <who>', 'who asks: person, representative, authority, company, crm', 'person')
    .option('--case <number>', 'number of the case in your own system; no names');

function language(text: string): string {
  if (text !== 'nb' && text !== 'en') throw new InvalidArgumentError('nb or en.');
  return text;
}

function wholeNumber(text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new InvalidArgumentError('A whole number from 1.');
  return Number(text);
}
