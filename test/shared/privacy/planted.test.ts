import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { AssociateNo } from '../../../shared/record/index.ts';
import { Failure } from '../../../shared/failure.ts';
import { createLog, LOG_FIELDS } from '../../../shared/log.ts';
import { createRights } from '../../../shared/rights/index.ts';
import { receiveChanges } from '../../../shared/sources/receive-changes.ts';
import { standard } from '../../../shared/sources/standard/index.ts';
import { acceptChanges, applyChange, type SyncDeps } from '../../../shared/sync/index.ts';
import { adapterSettingsOf } from '../sources/adapter.ts';
import { NOW, SECRET, signedRequest } from '../sources/signed.ts';
import { command } from '../../cli/command.ts';
import { CANARY, company, PERSON, person, traces } from '../../kit/canary.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';
import { fileOf, temporaryFolder } from '../import/files.ts';

let world: World;
let others: unknown[];
beforeEach(async () => {
  others = [];
  world = await startWorld({ settings: { CRM_API_URL: 'https://crm.example', CRM_API_TOKEN: 't' } });
});
afterEach(() => world.stop());

const ACTOR = { by: 'dpo', reason: '' };
const REQUEST = { requester: 'person', reference: '' } as const;
const IMPORT = `crmId;name;relatedCustomerCrmId;emailAddress\nP-7;${PERSON.name};C-1;${PERSON.emailAddress}\n`;

/** What somebody's mistake would look like, in each place that the search looks at. */
const LEAKS: Readonly<Record<string, (deps: SyncDeps) => SyncDeps>> = {
  'a log line': (deps) => ({ ...deps, log: (line) => deps.log({ ...line, detail: PERSON.name }) }),
  'a message': (deps) => ({
    ...deps,
    queues: { ...deps.queues, sendPointer: (ref) => deps.queues.sendPointer(ref, PERSON.name) },
  }),
  'a failure that is listed': (deps) => ({
    ...deps,
    erp: { ...deps.erp, find: () => Promise.reject(new Failure('match.conflict', { detail: PERSON.name })) },
  }),
  'an error': (deps) => ({
    ...deps,
    ledger: { ...deps.ledger, save: () => Promise.reject(new Error(`cannot save ${PERSON.name}`)) },
  }),
  'a row': (deps) => ({
    ...deps,
    hash: async (field, text) => (field === 'name' ? text : deps.hash(field, text)),
  }),
};

/** A customer in sync, and a contact that cannot be. */
async function summaryOf(plant: (deps: SyncDeps) => SyncDeps = (deps) => deps): Promise<string> {
  const deps = plant(world.sync);
  await world.send(
    company(),
    person(),
    person(1, { relatedCustomerCrmId: null, relatedCustomerActorNumber: 99 }, 'P-2'),
  );
  for (const ref of [customer('C-1'), contact('P-1'), contact('P-2')]) {
    world.advance(5_000);
    const applied = await applyChange(deps, ref).catch((error: unknown) => error);
    if (applied instanceof Error) others.push(applied);
    else deps.log({ event: 'apply', ...ref, ...(applied as object) });
  }
  return traces(world, others);
}

describe('the search for planted values', () => {
  it('finds none when nothing leaks', async () => {
    expect(await summaryOf()).not.toMatch(CANARY);
    expect(await world.failures()).toHaveLength(1);
  });

  it.each(Object.entries(LEAKS))('finds one in %s', async (_, plant) => {
    expect(await summaryOf(plant)).toMatch(CANARY);
  });

  it('finds one in an address', async () => {
    const numbers = { ref: customer(PERSON.name), associateNo: 1 as AssociateNo, customerNo: null, parentNo: null };
    await expect(world.engine.crm?.writeNumbers(numbers)).rejects.toThrow(Failure);
    expect(await traces(world)).toMatch(CANARY);
  });

  it('finds one in a receipt and in the audit list', async () => {
    await createRights(world.sync, world.engine.control).restrict(
      contact('P-1'),
      { ...REQUEST, reference: PERSON.name },
      ACTOR,
    );
    expect(await traces(world)).toMatch(CANARY);
  });
});

describe('the answer to the CRM', () => {
  const answerTo = async (body: unknown): Promise<string> => {
    const { environment, sync } = world;
    const { body: answer, headers } = await receiveChanges(signedRequest(JSON.stringify(body)), {
      source: async () => standard(adapterSettingsOf(environment)),
      secrets: async () => [SECRET],
      accept: (changes) => acceptChanges(sync, changes, 't'),
      now: () => NOW,
    });
    return JSON.stringify([answer, headers]);
  };

  it.each([
    ['a value too long', company(1, { companyName: `Kanari${'x'.repeat(90)}` })],
    ['a value of another type', company(1, { companyName: { text: PERSON.name } })],
    ['an id that is a name', { ...company(), data: { ...company().data, crmId: PERSON.name } }],
    ['a type that is a name', { ...company(), type: PERSON.name }],
    ['a time that is a name', { ...company(), occurredAt: PERSON.name }],
    ['a national identity number beside a name', person(1, { name: `${PERSON.name} 01017000027` })],
    ['text', PERSON.name],
  ])('names fields by position, never by value: %s', async (_, event) => {
    expect(await answerTo([event])).not.toMatch(CANARY);
    expect(await traces(world)).not.toMatch(CANARY);
  });
});

describe('what the command line prints and writes', () => {
  const files = () => ({
    plan: path.join(temporaryFolder(), 'plan.json'),
    csv: path.join(temporaryFolder(), 'plan.csv'),
  });
  async function planned(file: string, ...more: readonly string[]): Promise<string> {
    const { plan, csv } = files();
    const flags = ['--exported-at', '2026-11-01T08:00:00Z', '--out', plan, '--csv', csv, ...more];
    const { out, err } = await command(world, 'import', file, ...flags);
    return [out, err, ...[plan, csv].map((each) => readFileSync(each, 'utf8'))].join('\n');
  }

  it('holds no value: plan, table for Excel, checkpoint, lists', async () => {
    await summaryOf();
    const contacts = fileOf(IMPORT, 'contacts.csv');
    const said = [await planned(contacts), await planned(contacts, '--apply')];
    for (const args of [
      ['status'],
      ['failed', 'list'],
      ['waiting', 'list'],
      ['record', 'contact:P-1'],
      ['audit', 'list'],
    ]) {
      const { out, err } = await command(world, ...args);
      said.push(out, err);
    }
    expect(said.join('\n')).not.toMatch(CANARY);
    expect(await traces(world)).not.toMatch(CANARY);
  });

  it('holds them when they are asked for, so that the search would find them', async () => {
    expect(await planned(fileOf(IMPORT, 'contacts.csv'), '--show-values')).toMatch(CANARY);
  });

  it('does not repeat a first line that is half a person’s row', async () => {
    const file = fileOf(`crmId;${PERSON.name};${PERSON.emailAddress}\nP-7;x;y\n`, 'contacts.csv');
    const { code, out, err } = await command(
      world,
      'import',
      file,
      '--contacts',
      '--exported-at',
      '2026-11-01T08:00:00Z',
    );
    expect(code).toBe(1);
    expect(out + err).not.toMatch(CANARY);
  });
});

describe('a log line', () => {
  it('has the fields of the list alone, whatever is spread into it', () => {
    const lines: string[] = [];
    const values = { name: PERSON.name, emailAddress: PERSON.emailAddress, message: PERSON.name };
    createLog((text) => lines.push(text))({ event: 'apply', outcome: 'created', ...values });
    expect(lines).toEqual(['{"event":"apply","outcome":"created"}']);
  });

  it('has no field that is called as a personal one is', () => {
    for (const field of ['name', 'companyName', 'address', 'postalCode', 'city', 'emailAddress', 'phoneNumber']) {
      expect(LOG_FIELDS).not.toContain(field);
    }
  });
});
