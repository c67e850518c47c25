import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  openCheckpoint,
  openImportFile,
  planImport,
  runImport,
  type PlannedRow,
} from '../../../shared/import/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { acceptChanges, applyChange } from '../../../shared/sync/index.ts';
import type { CrmId, RecordRef } from '../../../shared/record/index.ts';
import { changesOf, memoryEngine } from '../../bench/support/engine.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
import { plainErp, type Seed } from '../../kit/plain-erp.ts';
import { EXPORTED, fileOf, temporaryFolder } from './files.ts';

// Small pools, so that the file, the ledger and the ERP meet often.
const NAMES = ['Port AS', 'Øst AS', 'Larvik kommune'];
const PEOPLE = ['Kari Nordmann', 'Ola Nordmann', 'Liv Li'];
const NUMBERS = ['921074352', 'NO 974 760 673 MVA', '831234539'];
const EMAILS = ['', 'kari@example.no', 'post@firma.no'];

const erpCustomer = fc.record({
  nameAs: fc.constantFrom('same', 'form', 'other'),
  hasCompanyNo: fc.boolean(),
  isCustomer: fc.boolean(),
  supplierNo: fc.constantFrom(0, 0, 50_001),
  postalArea: fc.constantFrom('', 'LARVIK', 'Oslo'),
  deletionMark: fc.constantFrom('', '', 'Slettet i CRM'),
});
const erpContact = fc.record({ name: fc.constantFrom(...PEOPLE), emailAddress: fc.constantFrom(...EMAILS) });

/** What the CRM may say of customer `n`, `null` where it says nothing. Organisation numbers are its own. */
const customerData = (n: number) =>
  fc.record({
    // Names that no other record of the file has: which of two comes first, the run does not promise.
    companyName: fc.constantFrom(NAMES[n] ?? '', `${NAMES[n] ?? ''} Avd`),
    organizationNumber: fc.constantFrom('', NUMBERS[n] ?? ''),
    customerNumber: fc.constantFrom('', '', String(20_000 + n)),
    city: fc.constantFrom('', 'Larvik', 'Oslo'),
  });
const contactData = (n: number) =>
  fc.record({
    name: fc.constant(PEOPLE[n] ?? ''),
    emailAddress: fc.constantFrom(...EMAILS),
    relatedCustomerCrmId: fc.constantFrom('C-0', 'C-1', 'C-2', 'C-9'),
  });
const perIndex = <T>(of: (n: number) => fc.Arbitrary<T>) => fc.tuple(of(0), of(1), of(2));
const some = fc.subarray([0, 1, 2]);

const cases = fc.record({
  erp: fc.array(erpCustomer, { maxLength: 4 }),
  people: fc.array(fc.tuple(erpContact, fc.constantFrom(1, 2)), { maxLength: 2 }),
  before: fc.record({ known: some, deleted: some, customers: perIndex(customerData), contacts: perIndex(contactData) }),
  customers: perIndex(customerData),
  contacts: perIndex(contactData),
  settings: fc.record({
    NXT_ON_CUSTOMER_DELETED: fc.constantFrom('keep', 'mark'),
    NXT_ON_CONTACT_DELETED: fc.constantFrom('clear', 'keep', 'delete'),
    NXT_FIRST_LINK: fc.constantFrom('update', 'fill', 'link-only'),
    NXT_ERP_EDITS: fc.constantFrom('keep', 'overwrite'),
  }),
});
type Case = typeof cases extends fc.Arbitrary<infer Given> ? Given : never;

/** Fields that these files do not have. */
const NOTHING_MANAGED = { address: null, postalCode: null };
const NOWHERE = { graphqlUrl: 'http://127.0.0.1:9/', tokenUrl: 'http://127.0.0.1:9/', companyNo: 1, clientId: 'none' };

/** Texts of a row as the ERP holds them. */
const asRow = (associateNo: number, plain: Readonly<Record<string, string | number>>): Seed => {
  const personal = ['name', 'postalArea', 'emailAddress'];
  const columns = Object.entries(plain).map(([column, value]) => [
    column,
    personal.includes(column) ? new Personal(String(value)) : value,
  ]);
  return { ...Object.fromEntries(columns), associateNo } as Seed;
};

const at = (occurredAt: string) => ({ occurredAt, version: undefined as never });

/** The engine with the ERP in memory and a history of applied and deleted records; its clock is moved by hand. */
async function worldOf({ erp: rows, people, before, settings }: Case) {
  let time = Date.parse('2026-11-21T08:00:00.000Z');
  const erp = plainErp();
  // The numbers of a row are customer n's alone: which of two rows of a file comes first, the run does not promise.
  erp.seed(
    ...rows.map(({ nameAs, hasCompanyNo, isCustomer, ...each }, n) => {
      const own = NAMES[n] ?? 'Annen';
      const name = { same: own, form: `${own} A/S`, other: 'Annen AS' }[nameAs];
      const companyNo = hasCompanyNo ? (NUMBERS[n] ?? '') : '';
      return asRow(n + 1, { ...each, name, companyNo, customerNo: isCustomer ? 20_000 + n : 0 });
    }),
  );
  erp.seed(...people.map(([each, contactFor], n) => asRow(n + 100, { ...each, contactFor })));
  const engine = { ...memoryEngine(NOWHERE, { settings, now: () => time }), erp };
  const pause = async (ms: number) => (time += ms);
  const take = async (events: readonly object[]) => {
    await acceptChanges(engine, changesOf(events), 'test');
    for (const { ref } of changesOf(events)) await applyChange(engine, ref);
    await pause(60_000);
  };
  const { known, deleted, customers, contacts } = before;
  const early = at('2026-10-01T08:00:00.000Z');
  const late = at('2026-10-02T08:00:00.000Z');
  await take(known.map((n) => customerEvent(`C-${n}`, { ...NOTHING_MANAGED, ...customers[n] }, early)));
  await take(known.map((n) => contactEvent(`P-${n}`, { phoneNumber: null, ...contacts[n] }, early)));
  const gone = deleted.filter((n) => known.includes(n));
  await take(gone.map((n) => deletedEvent('contact', `P-${n}`, late)));
  await take(gone.map((n) => deletedEvent('customer', `C-${n}`, late)));
  return { engine, erp, pause };
}

const csv = (rows: readonly Readonly<Record<string, string>>[], header: readonly string[]): string =>
  [header, ...rows.map((row) => header.map((column) => row[column] ?? ''))].map((line) => line.join(';')).join('\n');

async function planAndRun(given: Case) {
  const { engine, erp, pause } = await worldOf(given);
  const texts = [
    csv(
      given.customers.map((row, n) => ({ crmId: `C-${n}`, ...row })),
      ['crmId', 'companyName', 'organizationNumber', 'customerNumber', 'city'],
    ),
    csv(
      given.contacts.map((row, n) => ({ crmId: `P-${n}`, ...row })),
      ['crmId', 'name', 'emailAddress', 'relatedCustomerCrmId'],
    ),
  ];
  const files = await Promise.all(texts.map((text) => openImportFile(fileOf(text), EXPORTED)));
  const { rows } = await planImport(engine, files, EXPORTED);
  erp.writes.length = 0;
  const checkpoint = await openCheckpoint(
    temporaryFolder(),
    files.map(({ path }) => path),
  );
  const report = await runImport(engine, files, EXPORTED, checkpoint, null, { pause });
  return { engine, erp, rows, report };
}

/** What plan mode says of the customers, whose changes came as webhooks; then the same is carried out. */
async function planModeAndRun(given: Case) {
  const { engine, erp, pause } = await worldOf(given);
  const changes = changesOf(
    given.customers.map((data, n) =>
      customerEvent(`C-${n}`, { ...NOTHING_MANAGED, ...data }, at('2026-11-01T08:00:00.000Z')),
    ),
  );
  const planning = { ...engine, settings: { ...engine.settings, SYNC_MODE: 'plan' as const } };
  await acceptChanges(planning, changes, 'test');
  const said: { ref: RecordRef; outcome: string; fields: readonly string[] }[] = [];
  for (const { ref } of changes) said.push({ ref, fields: [], ...(await applyChange(planning, ref)) });
  erp.writes.length = 0;
  for (const { ref } of changes) await applyChange(engine, ref);
  await pause(0);
  return { engine, erp, said };
}

const refOf = ({ kind, crmId }: PlannedRow) => ({ kind, crmId: crmId as CrmId });
const plannedWrite = ({ outcome, fields }: PlannedRow) =>
  fields.length === 0 ? [] : [{ do: outcome === 'would-create' ? 'create' : 'update', columns: [...fields].sort() }];

describe('the plan of any import', () => {
  it('says, column by column, what the run writes, and what it refuses', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { engine, erp, rows, report } = await planAndRun(given);
        for (const row of rows) {
          const state = (await engine.ledger.readState(refOf(row)))?.row;
          const writes = erp.writes.filter(({ associateNo }) => associateNo === state?.associateNo);
          expect([row, writes.map(({ do: what, columns }) => ({ do: what, columns }))]).toEqual([
            row,
            plannedWrite(row),
          ]);
        }
        const refused = rows.filter(({ outcome }) => ['refused', 'would-create?'].includes(outcome));
        // The plan has the file's order; the run lists what failed as it ends.
        expect(report.failed.map(({ crmId, code }) => `${crmId} ${code}`).sort()).toEqual(
          refused.map(({ crmId, why }) => `${crmId} ${why}`).sort(),
        );
      }),
      { numRuns: 150 },
    );
  });

  it('is what plan mode says as well, before anything is written', async () => {
    await fc.assert(
      fc.asyncProperty(cases, async (given) => {
        const { engine, erp, said } = await planModeAndRun(given);
        for (const { ref, outcome, fields } of said) {
          const state = (await engine.ledger.readState(ref))?.row;
          const writes = erp.writes.filter(({ associateNo }) => associateNo === state?.associateNo);
          expect([outcome, writes.map(({ columns }) => columns)]).toEqual([
            outcome,
            fields.length === 0 ? [] : [[...fields].sort()],
          ]);
        }
      }),
      { numRuns: 100 },
    );
  });
});
