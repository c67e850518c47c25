import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from '../../local/azurite.ts';
import { median, round, type Benchmark } from './report.ts';
import { startChild } from './support/child.ts';
import { environmentFor } from './support/engine.ts';
import { customerChange, range } from './support/records.ts';
import { AS_IN_REALITY, startSandboxProcess } from './support/sandbox-process.ts';
import { sendWebhooks } from './support/webhooks.ts';

/** After so long without a message the host looks at its queue as seldom as it ever does. */
const IDLE_MS = 5_000;
/** The wait is not a multiple of the poll's interval: changes come at any time in it. */
const STEP_MS = 137;
const LOOK_EVERY_MS = 10;

/** (h) A change that comes alone, from its 202 until it is in the ERP; the host has nothing else to do. */
export const lone: Benchmark = async ({ quick, say }) => {
  const amount = quick ? 6 : 50;
  const [erp, azurite] = await Promise.all([startSandboxProcess(AS_IN_REALITY), startAzurite()]);
  const host = await startChild<number>('host-child.ts', {
    environment: environmentFor(erp, azurite.connectionString),
  });
  const change = async (n: number, version: number): Promise<number> => {
    await sendWebhooks(host.ready, [JSON.stringify(customerChange(n, { version }))], 1);
    const accepted = performance.now();
    for (;;) {
      const { missing, stale } = await erp.verify(n, n + 1, version);
      const ms = performance.now() - accepted;
      if (missing + stale === 0) return ms;
      if (ms > 60_000) throw new Error(`customer ${n} is not in the ERP`);
      await delay(LOOK_EVERY_MS);
    }
  };
  try {
    say('warming up');
    await change(0, 1);
    const created: number[] = [];
    const updated: number[] = [];
    for (const each of range(0, amount)) {
      if (each % 10 === 0) say(`${each} of ${amount}`);
      await delay(IDLE_MS + ((each * STEP_MS) % 2_000));
      // By turns a new customer, and the same one changed.
      const n = 1 + Math.floor(each / 2);
      if (each % 2 === 0) created.push(await change(n, 1));
      else updated.push(await change(n, 2));
    }
    const all = [...created, ...updated];
    const slowest = Math.max(...all);
    return {
      name: 'lone',
      title: `A lone change: ${amount} one after another, each after ${IDLE_MS / 1000} seconds of silence or more`,
      figures: [
        {
          what: '202 to the row in the ERP, median',
          value: round(median(all), 0),
          unit: 'ms',
          target: { most: 2_000 },
        },
        { what: 'a new customer, median', value: round(median(created), 0), unit: 'ms' },
        { what: 'an update, median', value: round(median(updated), 0), unit: 'ms' },
        { what: 'slowest', value: round(slowest, 0), unit: 'ms' },
      ],
      notes: ['The ERP answers after 100 ms. Half of `maxPollingInterval` (host.json) is the mean wait in the queue.'],
    };
  } finally {
    await Promise.all([host.stop(), erp.stop(), azurite.stop()]);
  }
};
