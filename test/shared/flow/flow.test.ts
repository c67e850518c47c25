import { TableClient } from '@azure/data-tables';
import { beforeEach, describe, expect, it } from 'vitest';
import { Failure } from '../../../shared/failure.ts';
import { createFlow } from '../../../shared/flow/index.ts';
import { createRows, type Rows } from '../../../shared/store/index.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';

let rows: Rows;
let time = Date.UTC(2026, 10, 21, 8);
const now = () => time;
const instance = (settingsMark = 'a') => createFlow({ name: 'erp', rows, now, settingsMark });
const advance = (seconds: number) => void (time += seconds * 1000);
const down = () => new Failure('erp.unreachable');
const works = async () => undefined;
const fails = (failure: Failure) => () => Promise.reject(failure);

beforeEach(async () => {
  rows = createRows(
    TableClient.fromConnectionString(await freshStorageAccount(), 'control', { allowInsecureConnection: true }),
  );
});

async function stopped(failure = new Failure('token.invalid-client')) {
  const flow = instance();
  await flow.report(failure);
  return flow;
}

describe('the flow', () => {
  it('is open at first', async () => {
    expect(await instance().status()).toEqual({ is: 'open' });
  });

  it('remembers its row for seconds, and asks storage when told to', async () => {
    const flow = instance();
    await flow.status();
    const away = createFlow({
      name: 'erp',
      rows: { ...rows, get: () => Promise.reject(new Error('storage away')) },
      now,
      settingsMark: 'a',
    });
    await expect(away.status('fresh')).rejects.toThrow('storage away');
    await instance().report(new Failure('erp.schema'));
    expect((await flow.status()).is).toBe('open');
    expect((await flow.status('fresh')).is).toBe('stopped');
  });

  it('stops at once for a configuration, and says what and since when', async () => {
    await (await stopped(new Failure('erp.schema', { detail: 'LiaAct' }))).status();
    expect(await instance().status()).toMatchObject({ is: 'stopped', code: 'erp.schema', detail: 'LiaAct' });
  });

  it('stops for an outage only after a few failures in a row', async () => {
    const flow = instance();
    await flow.report(down());
    await flow.report(down());
    flow.succeeded('associate_read');
    await flow.report(down());
    expect((await flow.status()).is).toBe('open');
    for (let more = 0; more < 4; more += 1) await flow.report(down());
    expect(await flow.status()).toMatchObject({ is: 'stopped', code: 'erp.unreachable' });
  });

  it('stops for writes that hang while reads are answered', async () => {
    const flow = instance();
    for (let each = 0; each < 4; each += 1) {
      await flow.report(new Failure('erp.timeout'), 'associate_create');
      flow.succeeded('associate_read');
    }
    expect(await flow.status()).toMatchObject({ is: 'stopped', code: 'erp.timeout' });
  });

  it('does not stop for what a request without any record does not meet', async () => {
    const flow = instance();
    for (let each = 0; each < 10; each += 1) await flow.report(down(), 'associate_create', async () => null);
    await flow.report(new Failure('erp.forbidden'), 'associate_create', async () => null);
    expect((await flow.status()).is).toBe('open');
  });

  it('stops for what such a request meets', async () => {
    const flow = instance();
    const met = new Failure('erp.forbidden');
    for (let each = 0; each < 4; each += 1) await flow.report(down(), 'associate_create', async () => met);
    expect(await flow.status()).toMatchObject({ is: 'stopped', code: 'erp.forbidden' });
  });

  it('is one for all instances', async () => {
    await stopped();
    expect((await instance().status()).is).toBe('stopped');
  });
});

describe('probing', () => {
  it('waits 15 s, and one of many instances does it', async () => {
    await stopped();
    let probes = 0;
    const probe = () => {
      probes += 1;
      return Promise.reject(down());
    };
    const ask = () => Promise.allSettled(Array.from({ length: 5 }, () => instance().tryProbe(probe)));
    advance(14);
    await ask();
    expect(probes).toBe(0);
    advance(2);
    await ask();
    expect(probes).toBe(1);
  });

  it('comes at growing distances, at most a minute', async () => {
    const flow = await stopped();
    const at: number[] = [];
    const start = time;
    while (time < start + 600_000) {
      advance(1);
      await flow.tryProbe(fails(down())).catch(() => undefined);
      const status = await instance().status();
      const next = status.is === 'stopped' ? Date.parse(status.nextProbeAt) : 0;
      if (at.at(-1) !== next) at.push(next);
    }
    const distances = at.slice(1).map((each, index) => (each - (at[index] ?? 0)) / 1000);
    expect(distances[0]).toBeLessThanOrEqual(32);
    expect(Math.max(...distances)).toBeLessThanOrEqual(60);
    expect(distances.length).toBeGreaterThan(8);
    expect(distances.length).toBeLessThan(16);
  });

  it('opens the flow when it succeeds, and says what stands in the way when it does not', async () => {
    const flow = await stopped(new Failure('erp.unreachable'));
    for (let more = 0; more < 4; more += 1) await flow.report(down());
    advance(20);
    await expect(flow.tryProbe(fails(new Failure('token.invalid-client')))).rejects.toThrow('token.invalid-client');
    expect(await instance().status()).toMatchObject({ is: 'stopped', code: 'token.invalid-client' });
    advance(120);
    expect(await flow.tryProbe(works)).toBe(true);
    expect(await instance().status()).toEqual({ is: 'open' });
  });
});

describe('a stop that only a person may end', () => {
  const cut = () => new Failure('erp.external-id-changed');

  it('is not ended by a probe, but by another setting or a resume', async () => {
    const flow = await stopped(cut());
    advance(3_600);
    expect(await flow.tryProbe(works)).toBe(false);
    expect((await flow.status()).is).toBe('stopped');
    expect(await instance('b').status()).toEqual({ is: 'open' });
    await flow.resume();
    expect(await instance().status()).toEqual({ is: 'open' });
  });

  it('is not hidden by an outage that was there before, nor ended with it', async () => {
    const flow = await stopped();
    await flow.report(cut());
    expect(await instance().status()).toMatchObject({ code: 'erp.external-id-changed' });
    advance(3_600);
    expect(await flow.tryProbe(works)).toBe(false);
  });

  it('that comes while a probe is under way survives the probe’s success', async () => {
    const flow = await stopped();
    advance(20);
    await flow.tryProbe(() => instance().report(cut()));
    expect(await instance().status()).toMatchObject({ is: 'stopped', code: 'erp.external-id-changed' });
  });
});

describe('a pause', () => {
  it('holds until it is ended, and hides no stop', async () => {
    const flow = await stopped();
    await flow.pause('kari');
    expect(await instance().status()).toMatchObject({ is: 'paused', by: 'kari' });
    await flow.resume();
    expect(await instance().status()).toEqual({ is: 'open' });
  });
});
