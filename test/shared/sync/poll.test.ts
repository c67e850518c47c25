import { describe, expect, it } from 'vitest';
import { createEngine } from '../../../shared/engine.ts';
import { Failure } from '../../../shared/failure.ts';
import { readSettings } from '../../../shared/settings.ts';
import { pollWhenDue } from '../../../shared/sync/way-back/poll.ts';
import { plainErp } from '../../kit/plain-erp.ts';
import { memoryPorts } from '../../kit/ports.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const START = Date.UTC(2026, 10, 2, 8);

/** Polls of one instance, and from when on each asked. */
function start(settings: Readonly<Record<string, string>> = {}) {
  const asked: string[] = [];
  const world = { time: START, asked, isAway: false };
  const environment = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    NXT_COMPANY_NO: '1',
    VISMA_CLIENT_ID: 'x',
    VISMA_CLIENT_SECRET: 'x',
    CRM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    ...settings,
  };
  const associates = {
    ...plainErp(),
    facts: async () => ({}),
    schema: async (): Promise<never> => {
      throw new Error('nobody asks this ERP for its columns');
    },
    async *changedSince(since: string) {
      asked.push(since);
      yield [];
      if (world.isAway) throw new Failure('erp.unreachable');
    },
  };
  const { sync } = createEngine(
    readSettings(environment),
    memoryPorts(environment, { now: () => world.time, associates: () => associates }),
  );
  const pollAfter = async (ms: number): Promise<string | undefined> => {
    world.time += ms;
    const before = asked.length;
    await pollWhenDue(sync);
    return asked[before];
  };
  return { world, pollAfter };
}

const at = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

describe('a poll', () => {
  it('reaches back to where the last one began, and 70 minutes more', async () => {
    const { pollAfter } = start();
    expect(await pollAfter(0)).toBe(at(START - DAY_MS - 70 * MINUTE_MS));
    expect(await pollAfter(15 * MINUTE_MS)).toBe(at(START - 70 * MINUTE_MS));
    expect(await pollAfter(16 * MINUTE_MS)).toBe(at(START + (15 - 70) * MINUTE_MS));
  });

  it('leaves no gap when nobody polled for days, up to a month', async () => {
    const { pollAfter } = start();
    await pollAfter(0);
    expect(await pollAfter(5 * DAY_MS)).toBe(at(START - 70 * MINUTE_MS));
    expect(await pollAfter(90 * DAY_MS)).toBe(at(START + 64 * DAY_MS - 70 * MINUTE_MS));
  });

  it('that broke off is made again from the same time on', async () => {
    const { world, pollAfter } = start();
    await pollAfter(0);
    world.isAway = true;
    const wanted = at(START - 70 * MINUTE_MS);
    expect(await pollAfter(HOUR_MS)).toBe(wanted);
    expect(await pollAfter(HOUR_MS)).toBe(wanted);
    world.isAway = false;
    expect(await pollAfter(1)).toBe(wanted);
    expect(await pollAfter(HOUR_MS)).toBe(at(START + 2 * HOUR_MS + 1 - 70 * MINUTE_MS));
  });

  it('asks once in its time, and nothing with 0 or off', async () => {
    const { pollAfter } = start();
    await pollAfter(0);
    expect(await pollAfter(14 * MINUTE_MS)).toBeUndefined();
    expect(await start({ NXT_POLL_MINUTES: '0' }).pollAfter(0)).toBeUndefined();
    expect(await start({ ERP_TO_CRM: 'off' }).pollAfter(0)).toBeUndefined();
  });
});
