import { expect, it } from 'vitest';
import { createEngine } from '../../shared/engine.ts';
import { Failure } from '../../shared/failure.ts';
import { parseChanges } from '../../shared/record/index.ts';
import { readSettings } from '../../shared/settings.ts';
import { acceptChanges, applyChange, sweep } from '../../shared/sync/index.ts';
import { contactEvent, customerEvent } from '../kit/events.ts';
import { MemoryStorage } from '../kit/memory-storage.ts';
import { plainErp } from '../kit/plain-erp.ts';
import { memoryPorts } from '../kit/ports.ts';
import { contact, customer } from '../kit/world.ts';

/*
 * With ERP_TO_CRM=off the way back costs nothing: no more than the requests of the same events before there was one, as
 * they were counted then.
 */

const BEFORE = { erp: 8, storage: 303 };

const STEP_MS = 2 * 60_000;

/** Counts the calls of everything that is a request. */
function counted<Target extends object>(target: Target, count: () => void): Target {
  return new Proxy(target, {
    get(of, name, self) {
      const found: unknown = Reflect.get(of, name, self);
      if (typeof found !== 'function') return found;
      return (...given: unknown[]): unknown => {
        count();
        return Reflect.apply(found, of, given);
      };
    },
  });
}

const EVENTS = [
  customerEvent('C-1'),
  contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }),
  customerEvent('C-1', { city: 'Stavern' }, { version: 2 }),
  // Nothing new, a repeat, and one that comes too late.
  customerEvent('C-1', { city: 'Stavern' }, { version: 4 }),
  customerEvent('C-1', { city: 'Stavern' }, { version: 4 }),
  customerEvent('C-1', { city: 'Tønsberg' }, { version: 3 }),
  contactEvent('P-1', { relatedCustomerCrmId: 'C-1', phoneNumber: '22 33 44 55' }, { version: 2 }),
];

async function cost(setting: 'off' | 'report') {
  const counts = { erp: 0, storage: 0 };
  let time = Date.UTC(2026, 10, 21, 8);
  const environment = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    NXT_COMPANY_NO: '1',
    VISMA_CLIENT_ID: 'x',
    VISMA_CLIENT_SECRET: 'x',
    CRM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
    ERP_TO_CRM: setting,
  };
  const storage = new MemoryStorage(() => time).ports();
  const request = () => (counts.storage += 1);
  const client = { facts: async () => ({}), schema: () => Promise.reject(new Failure('erp.unreachable')) };
  const { sync } = createEngine(
    readSettings(environment),
    memoryPorts(environment, {
      table: (name) => counted(storage.table(name), request),
      queues: counted(storage.queues, request),
      associates: () => counted({ ...plainErp(), ...client }, () => (counts.erp += 1)),
      now: () => time,
    }),
  );
  for (const event of EVENTS) {
    const parsed = parseChanges([event], new Date(time));
    if (!parsed.ok) throw new Error('a bad event');
    await acceptChanges(sync, parsed.changes, 'test');
    for (const ref of [customer('C-1'), contact('P-1')]) await applyChange(sync, ref);
    time += STEP_MS;
    await sweep(sync);
  }
  return counts;
}

it('ERP_TO_CRM=off: not one request more than before there was a way back', async () => {
  const { erp, storage } = await cost('off');
  expect(erp).toBeLessThanOrEqual(BEFORE.erp);
  expect(storage).toBeLessThanOrEqual(BEFORE.storage);
});

it('what looks for changes in the ERP is counted where it is on', async () => {
  const { erp, storage } = await cost('report');
  expect(erp).toBeGreaterThan(BEFORE.erp);
  expect(storage).toBeGreaterThan(BEFORE.storage);
});
