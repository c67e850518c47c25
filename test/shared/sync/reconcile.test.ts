import { describe, expect, it } from 'vitest';
import type { AssociateRow } from '../../../shared/erp/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import type { AssociateNo, CrmId, RecordRef } from '../../../shared/record/index.ts';
import { createEngine } from '../../../shared/engine.ts';
import { readSettings } from '../../../shared/settings.ts';
import { emptyState } from '../../../shared/store/index.ts';
import type { ReconcileLine } from '../../../shared/sync/index.ts';
import { reconcile } from '../../../shared/sync/operate/reconcile.ts';
import { plainErp } from '../../kit/plain-erp.ts';
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
  const link = async (no: number, associateNo: number): Promise<void> => {
    const hashes = {
      companyName: await sync.hash('companyName', `Firma ${no}`),
      city: await sync.hash('city', 'larvik'),
    };
    await sync.ledger.writeState(
      { ...emptyState(customer(no)), associateNo: associateNo as AssociateNo, hashes },
      null,
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
  return { erp, link, rowOf, at, list };
}

const count = (lines: readonly ReconcileLine[]) =>
  Object.fromEntries([...Map.groupBy(lines, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]));

describe('both systems held against each other', () => {
  it('say nothing where they agree', async () => {
    const { list } = await site(50);
    expect(await list()).toEqual([]);
  });

  it('show exactly the differences that were planted, among 50,000 rows', { timeout: 240_000 }, async () => {
    const [amount, planted] = [50_000, 500];
    const { erp, link, rowOf, at, list } = await site(amount);
    for (let n = 1; n <= planted; n += 1) {
      erp.seed({ ...rowOf(n, `Firma ${n}`), postalArea: new Personal('Tønsberg') });
      erp.rows.delete(1_000 + n);
      erp.seed(rowOf(at(n), `Bare i Visma ${n}`));
      const double = { name: new Personal(`Dobbel ${n}`), postCode: new Personal('3270') };
      erp.seed({ ...rowOf(at(1_000 + 2 * n), ''), ...double }, { ...rowOf(at(1_001 + 2 * n), ''), ...double });
      await link(at(n), 2_000 + n);
    }
    const lines = await list();
    // Doubles stand only in the ERP, too; both records of a row that is linked twice are named.
    expect(count(lines)).toEqual({
      differs: planted,
      doubled: planted,
      gone: planted,
      'linked-twice': 2 * planted,
      'only-in-erp': 3 * planted,
    });
    expect(lines[0]).toEqual({ kind: 'differs', record: 'customer:C-1', associateNos: [1], fields: ['city'] });
  });
});
