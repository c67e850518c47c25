import { describe, expect, it } from 'vitest';
import { companyNameKey, organizationNumber as readNumber } from '../../shared/record/index.ts';
import { leftOut, openCheckpoint, openImportFile, planImport, runImport } from '../../shared/import/index.ts';
import { Personal } from '../../shared/privacy/index.ts';
import { memoryEngine } from '../bench/support/engine.ts';
import { organizationNumber, range, spelled } from '../bench/support/records.ts';
import { plainErp, type PlainErp, type Seed } from '../kit/plain-erp.ts';
import { EXPORTED, fileOf, temporaryFolder } from '../shared/import/files.ts';

const NOWHERE = { graphqlUrl: 'http://127.0.0.1:9/', tokenUrl: 'http://127.0.0.1:9/', companyNo: 1, clientId: 'none' };
const [IN_ERP, IN_FILE, KNOWN] = [10_000, 2_000, 667];

/** How accounting has customer `n` of the file, for those that it has. */
const HOWS = ['by number', 'by spelling', 'by name only', 'as a supplier'] as const;
const howOf = (n: number) => HOWS[n % HOWS.length] ?? 'by number';

function erpRow(n: number): Seed {
  const how = n < KNOWN ? howOf(n) : 'by number';
  const number = organizationNumber(n + (n < KNOWN ? 0 : IN_FILE));
  const name = n < KNOWN ? `Kunde ${n} A/S` : `Annen ${n} AS`;
  return {
    associateNo: n + 1,
    name: new Personal(name),
    postCode: new Personal('3270'),
    companyNo: {
      'by number': number,
      'by spelling': spelled(number, n + 1),
      'by name only': '',
      'as a supplier': number,
    }[how],
    ...(how === 'as a supplier' ? { supplierNo: 500_000 + n } : { customerNo: 20_000 + n }),
  };
}

const file = () =>
  [
    'crmId;companyName;organizationNumber;postalCode',
    ...range(0, IN_FILE).map((n) => `C-${n};Kunde ${n} AS;${organizationNumber(n)};3270`),
  ].join('\n');

/** Customers and suppliers that stand twice, by number or by name and place. */
function doubles({ rows }: PlainErp): readonly string[] {
  const seen = new Set<string>();
  return [...rows.values()].flatMap((row) => {
    const keys = [readNumber(row.companyNo).key, companyNameKey(row.name.reveal())].filter((key) => key !== null);
    const twice = keys.filter((key) => seen.has(key));
    for (const key of keys) seen.add(key);
    return twice;
  });
}

describe('an import of 2,000 customers, a third of whom stand among 10,000 rows of the ERP', () => {
  it('doubles none; every possible double is in the plan with the right row', async () => {
    const erp = plainErp();
    erp.seed(...range(0, IN_ERP).map(erpRow));
    const engine = { ...memoryEngine(NOWHERE), erp };
    const files = [await openImportFile(fileOf(file()), EXPORTED)];
    const { rows, snapshot } = await planImport(engine, files, EXPORTED);

    const possible = rows.filter(({ outcome }) => outcome === 'would-create?');
    const nameOnly = range(0, KNOWN).filter((n) => howOf(n) === 'by name only');
    expect(possible.map(({ crmId, candidates }) => [crmId, candidates])).toEqual(
      nameOnly.map((n) => [`C-${n}`, [n + 1]]),
    );
    expect(rows.filter(({ outcome }) => outcome === 'would-link')).toHaveLength(KNOWN - nameOnly.length);
    expect(rows.filter(({ outcome }) => outcome === 'would-create')).toHaveLength(IN_FILE - KNOWN);

    const checkpoint = await openCheckpoint(
      temporaryFolder(),
      files.map(({ path }) => path),
    );
    const without = leftOut(rows, undefined);
    const report = await runImport(engine, files, EXPORTED, checkpoint, snapshot, { without });
    expect(report.outcomes).toEqual({
      linked: KNOWN - nameOnly.length,
      created: IN_FILE - KNOWN,
      'held-back': nameOnly.length,
    });
    expect(report.leftOut).toHaveLength(nameOnly.length);
    expect(doubles(erp)).toEqual([]);
    expect(erp.rows.size).toBe(IN_ERP + IN_FILE - KNOWN);
  });
});
