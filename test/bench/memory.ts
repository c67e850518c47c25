import { setTimeout as delay } from 'node:timers/promises';
import { startAzurite } from '../../local/azurite.ts';
import { round, type Benchmark } from './report.ts';
import { startChild } from './support/child.ts';
import { environmentFor } from './support/engine.ts';
import type { Usage } from './support/usage.ts';
import { customerChange, range } from './support/records.ts';
import { AS_IN_REALITY, startSandboxProcess } from './support/sandbox-process.ts';
import { sendWebhooks } from './support/webhooks.ts';

const PER_REQUEST = 50;

/** (g) Resident set of one host, sampled each second while changes come in and go to the ERP. */
export const memory: Benchmark = async ({ quick, say }) => {
  const amount = quick ? 1000 : 10_000;
  const [erp, azurite] = await Promise.all([startSandboxProcess(AS_IN_REALITY), startAzurite()]);
  const host = await startChild<number>('host-child.ts', {
    environment: environmentFor(erp, azurite.connectionString),
  });
  try {
    const samples: number[] = [];
    const sampler = new AbortController();
    const sampling = (async () => {
      while (!sampler.signal.aborted) {
        samples.push((await host.ask<Usage>({ do: 'usage' })).rssMb);
        await delay(1000);
      }
    })();
    say(`${amount} changes`);
    const bodies = range(0, amount / PER_REQUEST).map((request) =>
      JSON.stringify(range(request * PER_REQUEST, (request + 1) * PER_REQUEST).map((n) => customerChange(n))),
    );
    await sendWebhooks(host.ready, bodies, 2);
    say('taken in');
    const began = Date.now();
    let done = 0;
    while (done < amount && Date.now() - began < 20 * 60_000) {
      await delay(1000);
      done = (await erp.summary()).counts.rows.create;
    }
    sampler.abort();
    await sampling;
    const summary = await erp.summary();
    return {
      name: 'memory',
      title: `Memory: one host, ${amount} changes through webhook, queue and ERP`,
      figures: [
        { what: 'highest resident set', value: round(Math.max(...samples), 0), unit: 'MB', target: { most: 300 } },
        { what: 'when it had started', value: round(samples[0] ?? 0, 0), unit: 'MB' },
        { what: 'changes in the ERP', value: done, target: { least: amount } },
        { what: 'doubled', value: summary.doubles, target: { most: 0 } },
        { what: 'ERP requests per change', value: round(summary.counts.operations.all / amount, 3) },
      ],
      notes: [`${samples.length} samples. The host of this project is in the process, which Azure has outside of it.`],
    };
  } finally {
    await Promise.all([host.stop(), erp.stop(), azurite.stop()]);
  }
};
