import { describe, expect, it } from 'vitest';
import type { AssociateRow } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { Failure } from '../../../shared/failure.ts';
import { parseChanges, type AssociateNo, type CrmId, type Kind, type RecordRef } from '../../../shared/record/index.ts';
import { createEngine } from '../../../shared/engine.ts';
import { readSettings } from '../../../shared/settings.ts';
import { emptyState, type StateRow } from '../../../shared/store/index.ts';
import { acceptChanges, type ReconcileLine } from '../../../shared/sync/index.ts';
import { reconcile } from '../../../shared/sync/operate/reconcile.ts';
import { customerEvent } from '../../kit/events.ts';
import { EMPTY, plainErp } from '../../kit/plain-erp.ts';
import { memoryPorts } from '../../kit/ports.ts';

const ENVIRONMENT = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  NXT_COMPANY_NO: '1',
  VISMA_CLIENT_ID: 'isv_x',
  VISMA_CLIENT_SECRET: 'x',
};

/** Linked customers 1 to `amount`, all in sync, and rows that are nobody's business here. */
async function site(amount: number) {
  const erp = plainErp();
  const { sync } = createEngine(readSettings(ENVIRONMENT), memoryPorts(ENVIRONMENT));
  const customer = (no: number): RecordRef => ({ kind: 'customer', crmId: `C-${no}` as CrmId });
  const link = async (no: number, associateNo: number, also: StateRow['hashes'] = {}): Promise<void> => {
    const hashes = {
      companyName: await sync.hash('companyName', `Firma ${no}`),
      city: await sync.hash('city', 'larvik'),
      ...also,
    };
    const before = await sync.ledger.readState(customer(no));
    await sync.ledger.writeState(
      { ...emptyState(customer(no)), associateNo: associateNo as AssociateNo, hashes },
      before,
    );
  };
  const rowOf = (associateNo: number, name: string): Partial<AssociateRow> & Pick<AssociateRow, 'associateNo'> => ({
    associateNo: associateNo as AssociateNo,
    customerNo: 10_000 + associateNo,
    name: new Personal(name),
    postalArea: new Personal('LARVIK'),
  });
  for (let no = 1; no <= amount; no += 1) {
    erp.seed(rowOf(no, `Firma ${no}`));
    await link(no, no);
  }
  const at = (n: number): number => amount + n;
  erp.seed({ ...rowOf(at(9_000), 'Leverandør'), customerNo: 0, supplierNo: 7 });
  erp.seed({ ...rowOf(at(9_001), 'Leveringssted'), deliverTo: 1 });
  const list = () => reconcile({ sync: { ...sync, erp }, crm: null });
  /** With a CRM that lists these customers. */
  const listWith = (items: readonly Readonly<Record<string, unknown>>[]) => {
    const listRecords = async (kind: Kind, after: string) => {
      const all = kind === 'customer' ? items : [];
      const from = Number(after);
      return { items: all.slice(from, from + 500), next: from + 500 < all.length ? String(from + 500) : '' };
    };
    return reconcile({ sync: { ...sync, erp }, crm: { listRecords } });
  };
  return { erp, link, rowOf, at, list, listWith, sync, hash: sync.hash };
}

/** As the CRM lists a customer. */
const inCrm = (no: number) => ({ crmId: `C-${no}`, companyName: `Firma ${no}`, city: 'Larvik' });

const count = (lines: readonly ReconcileLine[]) =>
  Object.fromEntries([...Map.groupBy(lines, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]));

describe('both systems held against each other', () => {
  it('say nothing where they agree', async () => {
    const { list } = await site(50);
    expect(await list()).toEqual([]);
  });

  it('show exactly the differences that were planted, among 50,000 rows', async () => {
    const [amount, planted] = [50_000, 500];
    const { erp, link, rowOf, at, listWith } = await site(amount);
    for (let n = 1; n <= planted; n += 1) {
      erp.seed({ ...rowOf(n, `Firma ${n}`), postalArea: new Personal('Tønsberg') });
      erp.rows.delete(1_000 + n);
      erp.seed(rowOf(at(n), `Bare i Visma ${n}`));
      const double = { name: new Personal(`Dobbel ${n}`), postCode: new Personal('3270') };
      erp.seed({ ...rowOf(at(1_000 + 2 * n), ''), ...double }, { ...rowOf(at(1_001 + 2 * n), ''), ...double });
      await link(at(n), 2_000 + n);
      // The same name and number in rows that are no customers': a supplier, a place of delivery.
      const named = { ...double, companyNo: '974760673' };
      erp.seed({ ...rowOf(at(10_000 + n), ''), ...named, customerNo: 0, supplierNo: n });
      erp.seed({ ...rowOf(at(11_000 + n), ''), ...named, deliverTo: 1 });
    }
    const items = Array.from({ length: amount + planted }, (_, n) => inCrm(n + 1));
    items.push(...Array.from({ length: planted }, (_, n) => inCrm(100_000 + n)));
    const lines = await listWith(items);
    // Doubles stand only in the ERP, too; both records of a row that is linked twice are named.
    expect(count(lines)).toEqual({
      differs: planted,
      doubled: planted,
      gone: planted,
      'linked-twice': 2 * planted,
      'never-sent': planted,
      'only-in-erp': 3 * planted,
    });
    expect(lines[0]).toMatchObject({ kind: 'differs', record: 'customer:C-1', associateNos: [1], fields: ['city'] });
    expect(JSON.stringify(lines)).not.toMatch(/Firma|Tønsberg|LARVIK|Dobbel|974760673/);
  });
});

describe('odd data', () => {
  it('one number at a customer and at a supplier or a place of delivery is no double; a row of both roles is', async () => {
    const { erp, rowOf, at, list } = await site(1);
    const number = { companyNo: 'NO 974 760 673 MVA' };
    erp.seed({ ...rowOf(at(1), 'Kunde'), ...number });
    erp.seed({ ...rowOf(at(2), 'Kunde'), ...number, customerNo: 0, supplierNo: 8 });
    erp.seed({ ...rowOf(at(3), 'Kunde'), ...number, deliverTo: at(1) });
    erp.seed({ ...rowOf(at(4), 'Kari'), customerNo: 0, contactFor: at(2) });
    expect(named(await list())).toEqual(['only-in-erp 2']);
    erp.seed({ ...rowOf(at(5), 'Kunde og leverandør'), companyNo: '974760673', supplierNo: 9 });
    expect(named(await list())).toEqual(['doubled 2 6', 'only-in-erp 2', 'only-in-erp 6']);
  });

  it('spelling is no difference, and neither is a field that the CRM does not manage', async () => {
    const { erp, link, rowOf, hash, listWith } = await site(0);
    erp.seed({ ...rowOf(1, 'Firma 1'), postCode: new Personal('277'), companyNo: 'NO974760673MVA' });
    await link(1, 1, { postalCode: await hash('postalCode', '0277') });
    expect(named(await listWith([{ ...inCrm(1), postalCode: '0277', city: 'lARVIK' }]))).toEqual([]);
    expect(named(await listWith([{ ...inCrm(1), postalCode: '0278' }]))).toEqual(['differs customer:C-1 1']);
  });

  it('a record of which a change is on its way is not listed, and one that changed meanwhile neither', async () => {
    const { erp, link, sync, rowOf, list } = await site(0);
    erp.seed(rowOf(1, 'Før'), rowOf(2, 'Før'));
    await link(1, 1);
    await link(2, 2);
    expect(named(await list())).toEqual(['differs customer:C-1 1', 'differs customer:C-2 2']);
    const parsed = parseChanges([customerEvent('C-1', { companyName: 'Nå' })], new Date());
    if (!parsed.ok) throw new Error('a bad event');
    await acceptChanges(sync, parsed.changes, 'test');
    const scan = async function* () {
      yield [...erp.rows.values()];
      await link(2, 2, { companyName: await sync.hash('companyName', 'Før') });
    };
    expect(named(await reconcile({ sync: { ...sync, erp: { ...erp, scan } }, crm: null }))).toEqual([]);
  });

  it('pages of the CRM that go in a circle are read once around', async () => {
    const { sync, erp } = await site(0);
    let asked = 0;
    const listRecords = async (_kind: Kind, after: string) => {
      asked += 1;
      return { items: [inCrm(asked)], next: after === 'b' ? 'c' : 'b' };
    };
    const lines = await reconcile({ sync: { ...sync, erp }, crm: { listRecords } });
    expect(asked).toBe(6);
    expect(count(lines)).toEqual({ 'never-sent': 6 });
  });

  it('a page of the ERP that fails ends the comparison: nothing is half said', async () => {
    const { sync, erp, rowOf } = await site(0);
    const scan = async function* () {
      yield [{ ...EMPTY, ...rowOf(1, 'Alene'), associateNo: 1 as AssociateNo }];
      throw new Failure('erp.unavailable');
    };
    await expect(reconcile({ sync: { ...sync, erp: { ...erp, scan } }, crm: null })).rejects.toThrow('erp.unavailable');
  });
});

/** `kind record rows` of each. */
const named = (lines: readonly ReconcileLine[]): readonly string[] =>
  lines.map(({ kind, record = '', associateNos = [] }) =>
    [kind, record, ...associateNos].filter((part) => part !== '').join(' '),
  );
