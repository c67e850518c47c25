import { describe, expect, it } from 'vitest';
import type { RecordRef } from '../../../shared/record/index.ts';
import {
  approvedRows,
  leftOut,
  openCheckpoint,
  openImportFile,
  planImport,
  runImport,
} from '../../../shared/import/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { memoryEngine } from '../../bench/support/engine.ts';
import { plainErp } from '../../kit/plain-erp.ts';
import { EXPORTED, fileOf, temporaryFolder } from './files.ts';

const NOWHERE = { graphqlUrl: 'http://127.0.0.1:9/', tokenUrl: 'http://127.0.0.1:9/', companyNo: 1, clientId: 'none' };
const FILE = [
  'crmId;companyName;organizationNumber;city',
  'C-1;Port AS;921074352;Larvik',
  'C-2;Øst AS;974760673;Oslo',
  'C-3;Vest AS;;Bergen',
  'C-4;Ny AS;831234539;Bodø',
].join('\n');

async function setUp() {
  const erp = plainErp();
  erp.seed(
    { associateNo: 1, customerNo: 20001, name: new Personal('Port AS'), companyNo: '921074352' },
    { associateNo: 2, customerNo: 20002, name: new Personal('Øst AS'), companyNo: '974760673' },
    { associateNo: 3, customerNo: 20003, name: new Personal('Vest') },
  );
  const engine = { ...memoryEngine(NOWHERE), erp };
  const files = [await openImportFile(fileOf(FILE), EXPORTED)];
  const plan = (accepts?: (ref: RecordRef) => boolean) => planImport(engine, files, EXPORTED, undefined, accepts);
  const run = async (without: ReturnType<typeof leftOut>, accepts?: (ref: RecordRef) => boolean) => {
    const checkpoint = await openCheckpoint(
      temporaryFolder(),
      files.map(({ path }) => path),
    );
    return runImport(engine, files, EXPORTED, checkpoint, null, { without, ...(accepts && { accepts }) });
  };
  return { erp, plan, run };
}
/** As it comes back from the file that a person approved. */
const asFile = (rows: object) => approvedRows.parse(JSON.parse(JSON.stringify(rows)));

describe('a plan that was approved', () => {
  it('names what each column holds and would hold, masked wherever it is printed', async () => {
    const { plan } = await setUp();
    const [first] = (await plan()).rows;
    const city = first?.changes.find(({ column }) => column === 'postalArea');
    expect([city?.from.reveal(), city?.to.reveal()]).toEqual(['', 'Larvik']);
    expect(JSON.stringify(first)).not.toContain('Larvik');
  });

  it('is carried out exactly: what moved in the ERP since is left out and listed', async () => {
    const { erp, plan, run } = await setUp();
    const approved = asFile((await plan()).rows);
    erp.seed({
      associateNo: 2,
      customerNo: 20002,
      name: new Personal('Øst AS'),
      companyNo: '974760673',
      phone: new Personal('1'),
    });
    erp.seed({ associateNo: 9, customerNo: 20009, name: new Personal('Noe'), companyNo: '831234539' });
    const without = leftOut((await plan()).rows, approved);
    const report = await run(without);
    expect(report.outcomes).toEqual({ linked: 1, moved: 2, 'held-back': 1 });
    expect(report.leftOut.map(({ line, why }) => [line, why])).toEqual([
      [3, 'moved'],
      [4, 'held-back'],
      [5, 'moved'],
    ]);
    expect(erp.rows.size).toBe(4);
  });

  it('says nothing about a row that came into the file afterwards', async () => {
    const { plan } = await setUp();
    const { rows } = await plan();
    const approved = asFile(rows.slice(0, 1));
    expect([...leftOut(rows, approved).values()]).toEqual(['moved', 'moved', 'moved']);
  });

  it('creates a possible double only when it was accepted, once', async () => {
    const { erp, plan, run } = await setUp();
    const accepts = ({ crmId }: RecordRef) => crmId === 'C-3';
    const approved = asFile((await plan()).rows);
    const again = await plan(accepts);
    expect(again.rows[2]).toMatchObject({ outcome: 'would-create', why: 'accepted', candidates: [3] });
    const report = await run(leftOut(again.rows, approved), accepts);
    expect(report.outcomes).toEqual({ linked: 2, created: 2 });
    expect([...erp.rows.values()].filter(({ name }) => name.reveal().startsWith('Vest'))).toHaveLength(2);
  });
});
