import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNxtSandbox, type NxtSandbox, type SandboxOptions } from '../../local/nxt/index.ts';
import { openCheckpoint, openImportFile, planImport, runImport } from '../../shared/import/index.ts';
import type { SyncDeps } from '../../shared/sync/index.ts';
import { burst } from '../bench/burst.ts';
import { toCsv } from '../bench/support/csv.ts';
import { drain, memoryEngine } from '../bench/support/engine.ts';
import { customerChange, knownRow, range } from '../bench/support/records.ts';
import { verifyCustomers } from '../bench/support/verify.ts';
import { EXPORTED, fileOf, temporaryFolder } from '../shared/import/files.ts';

/*
 * Figures that must not get worse, as counts: times are for `npm run bench`. Ledger and queue are in memory, the ERP has
 * its limits and 100 ms for each answer.
 */

const AMOUNT = 240;
const SOME = 60;
const MARK = ' Avvist';

/** Whichever way the facts turn out that are not verified. */
const COMPANIES: readonly (readonly [string, SandboxOptions])[] = [
  ['a company as documented', {}],
  [
    'a company where every open question went the other way',
    {
      descriptions: 'plain',
      model: 'direct',
      errorPaths: 'field',
      language: 'no',
      keepSlots: true,
      suggest: false,
      onError: false,
      failedItems: 'holes',
      leaveOut: ['deliveryToAssociateNo'],
      names: { contactForAssociateNo: 'liaison' },
    },
  ],
];

describe.each(COMPANIES)('%s', (_which, options) => {
  let sandbox: NxtSandbox;
  let now = Date.now();
  const newEngine = () => memoryEngine(sandbox, { now: () => now });

  beforeEach(async () => {
    now = Date.now();
    sandbox = await startNxtSandbox({ ...options, latencyMs: 100, rows: range(0, AMOUNT / 2).map(knownRow) });
  });
  afterEach(() => sandbox.stop());

  const requests = () => sandbox.requests.counts.operations.all;
  const writes = () => {
    const { create, update, delete: deleted } = sandbox.requests.counts.operations;
    return create + update + deleted;
  };
  const customers = (options: Parameters<typeof customerChange>[1] = {}) =>
    range(0, AMOUNT).map((n) => customerChange(n, options));

  describe('48 changes in flight', () => {
    it('cost at most 0.15 ERP requests each; none is lost, none doubled', async () => {
      const { outcomes } = await drain(newEngine(), customers());
      expect(outcomes).toEqual({ linked: AMOUNT / 2, created: AMOUNT / 2 });
      expect(requests() / AMOUNT).toBeLessThanOrEqual(0.15);
      expect(verifyCustomers(sandbox.rows(), 0, AMOUNT, 1)).toEqual({ missing: 0, doubled: 0, stale: 0 });
    });

    it('cost no more than that when the ERP refuses one row in a hundred, which alone fails', async () => {
      sandbox.faults.add({ do: 'row-error', nameContains: MARK });
      const isBad = (n: number) => n % 100 === 99;
      const events = range(0, AMOUNT).map((n) => customerChange(n, { mark: isBad(n) ? MARK : '' }));
      const { outcomes } = await drain(newEngine(), events);
      expect(outcomes['failed']).toBe(2);
      expect((outcomes['linked'] ?? 0) + (outcomes['created'] ?? 0)).toBe(AMOUNT - 2);
      expect(requests() / AMOUNT).toBeLessThanOrEqual(0.15);
      expect(verifyCustomers(sandbox.rows(), 0, AMOUNT, 1)).toMatchObject({ missing: 2, doubled: 0 });
    });
  });

  describe('a repeat sends no ERP write', () => {
    let engine: SyncDeps;
    let before: number;
    const some: typeof customers = (options) => customers(options).slice(0, SOME);
    beforeEach(async () => {
      sandbox.faults.latencyMs = 0;
      engine = newEngine();
      await drain(engine, some());
      before = writes();
      now += 60_000;
    });

    it('when the same events come again', async () => {
      const reads = requests();
      await drain(engine, some());
      expect(writes()).toBe(before);
      expect(requests()).toBe(reads);
    });

    it('when the same content comes with higher versions', async () => {
      const reads = requests();
      const { outcomes } = await drain(engine, some({ order: 2 }));
      expect(outcomes).toEqual({ unchanged: SOME });
      expect(writes()).toBe(before);
      // The ledger's hashes say so: not even a read.
      expect(requests()).toBe(reads);
    });

    it('when the same events meet an empty ledger: the rows are found by their external ids', async () => {
      const { outcomes } = await drain(newEngine(), some());
      expect(outcomes).toEqual({ linked: SOME });
      expect(writes()).toBe(before);
      expect(verifyCustomers(sandbox.rows(), 0, SOME, 1)).toEqual({ missing: 0, doubled: 0, stale: 0 });
    });
  });

  describe('a burst of 100 updates of one record', () => {
    it('becomes at most three ERP writes', async () => {
      const engine = newEngine();
      const { messages, outcomes } = await burst(engine, AMOUNT, () => (now += 20));
      expect(messages).toBeGreaterThanOrEqual(100);
      expect(outcomes).toMatchObject({ created: 1 });
      expect(writes()).toBeLessThanOrEqual(3);
      expect(sandbox.rows().find(({ externalId }) => externalId === `crm:customer:C-${AMOUNT}`)?.addressLine1).toBe(
        `Storgata ${AMOUNT}, oppgang 100`,
      );
    });
  });

  describe('a lone change', () => {
    it('waits at most 25 ms for company before each of its requests', async () => {
      const sleeps: number[] = [];
      let time = 0;
      // Whatever waits on this clock has waited at once; what it waited is kept.
      const sleep = async (ms: number) => {
        sleeps.push(ms);
        time += ms;
      };
      const clock = { now: () => time, sleep, timeout: () => new AbortController().signal };
      await drain(memoryEngine(sandbox, { clock }), [customerChange(AMOUNT)]);
      // One look and one create.
      expect(sleeps.filter((ms) => ms > 0)).toHaveLength(2);
      expect(Math.max(...sleeps)).toBeLessThanOrEqual(25);
      expect(writes()).toBe(1);
    });
  });

  describe('an import of 600 rows, half of them known', () => {
    it('needs at most 15 ERP requests for plan and apply', async () => {
      const amount = 600;
      sandbox.seed(range(AMOUNT / 2, amount / 2).map(knownRow));
      const file = await openImportFile(fileOf(toCsv(range(0, amount))), EXPORTED);
      const engine = newEngine();
      const plan = await planImport(engine, [file], EXPORTED);
      const checkpoint = await openCheckpoint(temporaryFolder(), [file.path]);
      const report = await runImport(engine, [file], EXPORTED, checkpoint, plan.snapshot);
      expect(report.outcomes).toEqual({ linked: amount / 2, created: amount / 2 });
      expect(requests()).toBeLessThanOrEqual(15);
      expect(verifyCustomers(sandbox.rows(), 0, amount, 1)).toEqual({ missing: 0, doubled: 0, stale: 0 });
    });
  });
});
