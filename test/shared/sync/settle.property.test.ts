import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/engine.ts';
import type { FieldWrite } from '../../../shared/crm/index.ts';
import { Failure } from '../../../shared/failure.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { parseChanges } from '../../../shared/record/index.ts';
import { readSettings } from '../../../shared/settings.ts';
import { acceptChanges, applyChange, createOperations, takeHints, writeFields } from '../../../shared/sync/index.ts';
import { customerEvent } from '../../kit/events.ts';
import { plainErp } from '../../kit/plain-erp.ts';
import { memoryPorts } from '../../kit/ports.ts';
import { customer } from '../../kit/world.ts';

const ENVIRONMENT = {
  AzureWebJobsStorage: 'UseDevelopmentStorage=true',
  NXT_COMPANY_NO: '1',
  VISMA_CLIENT_ID: 'x',
  VISMA_CLIENT_SECRET: 'x',
  CRM_API_URL: 'http://127.0.0.1:9',
  CRM_API_TOKEN: 'x',
  ERP_TO_CRM: 'report',
  NXT_POLL_MINUTES: '0',
};
const C = customer('C-1');
const ACTOR = { by: 'kari', reason: 'because' };

/** What happens to the one field of the one record; `look`: a person looks at the list, and so sees what is there. */
const step = fc.oneof(
  fc.record({ do: fc.constant('erp' as const), city: fc.constantFrom('Larvik', 'Moss', 'Horten', 'Tjøme') }),
  fc.record({ do: fc.constant('crm' as const), city: fc.constantFrom('Larvik', 'Moss', 'Skien', 'Tjøme') }),
  fc.record({
    do: fc.constantFrom('hint' as const, 'apply' as const, 'look' as const, 'write' as const, 'write' as const),
  }),
  fc.record({
    do: fc.constant('settle' as const),
    use: fc.constantFrom('crm' as const, 'erp' as const, 'erp' as const, 'erp' as const),
  }),
  fc.record({
    do: fc.constant('settle-all' as const),
    use: fc.constantFrom('crm' as const, 'erp' as const, 'erp' as const, 'erp' as const),
  }),
);
type Step = typeof step extends fc.Arbitrary<infer Of> ? Of : never;

async function play(steps: readonly Step[]) {
  let time = Date.UTC(2026, 10, 21, 8);
  let version = 1;
  let crm = 'Larvik';
  const erp = plainErp();
  const engine = createEngine(
    readSettings(ENVIRONMENT),
    memoryPorts(ENVIRONMENT, {
      now: () => time,
      associates: () => ({ ...erp, facts: async () => ({}), schema: () => Promise.reject(new Error('unasked')) }),
    }),
  );
  const { sync } = engine;
  const ops = createOperations({ ...engine, crm: null });
  const rowNow = () => [...erp.rows.values()][0];
  const erpNow = (): string => rowNow()?.postalArea.reveal() ?? '';
  /** Values of the ERP that a person had before them when they said that the ERP's value counts. */
  const released = new Set<string>();
  /** Values that reached the CRM from here. */
  const written: string[] = [];
  let seen = '';
  const tell = async () => {
    const event = customerEvent(
      'C-1',
      { companyName: 'Firma', city: crm },
      { version, occurredAt: new Date(time).toISOString() },
    );
    const parsed = parseChanges([event], new Date(time));
    if (parsed.ok) await acceptChanges(sync, parsed.changes, 'test');
  };
  const patch = async ({ fields, version: known }: FieldWrite): Promise<'written' | 'newer'> => {
    if (known !== version) return 'newer';
    const city = fields['city']?.reveal();
    if (city === undefined) throw new Error('nothing to write');
    written.push(city);
    crm = city;
    version += 1;
    await tell();
    return 'written';
  };
  const refused = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      return false;
    } catch (error) {
      if (error instanceof Failure) return true;
      throw error;
    }
  };
  await tell();
  await applyChange(sync, C);
  for (const each of steps) {
    time += 60_000;
    switch (each.do) {
      case 'erp': {
        const row = rowNow();
        if (row) erp.rows.set(row.associateNo, { ...row, postalArea: new Personal(each.city) });
        break;
      }
      case 'crm':
        if (crm === each.city) break;
        crm = each.city;
        version += 1;
        await tell();
        break;
      case 'hint':
        await takeHints(sync, [rowNow()?.associateNo ?? fail()]);
        await applyChange(sync, C);
        break;
      case 'apply':
        await applyChange(sync, C);
        break;
      case 'look':
        await ops.reconcile(ACTOR);
        seen = erpNow();
        break;
      case 'write':
        await writeFields({ sync, writeBack: { ...engine.writeBack, crm: { writeFields: patch } } }, C);
        break;
      case 'settle': {
        const { lines = [] } = (await ops.differences()) ?? {};
        const mark = lines.find(({ kind }) => kind === 'differs')?.marks['city'];
        if (mark === undefined) break;
        const now = erpNow();
        const isRefused = await refused(() => ops.settleField(C, 'city', { use: each.use }, ACTOR, mark));
        if (isRefused || each.use === 'crm') break;
        expect(now).toBe(seen);
        released.add(now);
        break;
      }
      case 'settle-all': {
        const now = erpNow();
        const { results } = await ops.settleMany({ kind: 'differs', choice: { use: each.use }, dryRun: false }, ACTOR);
        if (each.use === 'crm' || !results.some(({ result }) => result === 'sent')) break;
        expect(now).toBe(seen);
        released.add(now);
      }
    }
    // Who was told that it is another value by now has it before them from then on.
    if (each.do === 'settle' || each.do === 'settle-all') seen = erpNow();
  }
  return { written, released };
}

const fail = (): never => {
  throw new Error('no row');
};

describe('settling, with edits on both sides in between', () => {
  it('writes to the CRM only what a person had before them', async () => {
    let writes = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 14 }), async (steps) => {
        const { written, released } = await play([{ do: 'erp', city: 'Moss' }, { do: 'look' }, ...steps]);
        writes += written.length;
        expect(written.filter((city) => !released.has(city))).toEqual([]);
      }),
      { numRuns: 300 },
    );
    expect(writes).toBeGreaterThan(3);
  });

  it('said any number of times, writes once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 5 }), fc.boolean(), async (times, isAll) => {
        const again = Array.from({ length: times }, (): Step[] => [
          isAll ? { do: 'settle-all', use: 'erp' } : { do: 'settle', use: 'erp' },
          { do: 'look' },
          { do: 'write' },
          { do: 'apply' },
        ]);
        const { written } = await play([{ do: 'erp', city: 'Moss' }, { do: 'look' }, ...again.flat()]);
        expect(written).toEqual(['Moss']);
      }),
      { numRuns: 20 },
    );
  });
});
