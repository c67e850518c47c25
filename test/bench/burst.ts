import { startNxtSandbox } from '../../local/nxt/index.ts';
import { acceptChanges, applyChange, type SyncDeps } from '../../shared/sync/index.ts';
import type { Benchmark } from './report.ts';
import { changesOf, memoryEngine } from './support/engine.ts';
import { QUEUES } from '../../shared/storage-names.ts';
import { toMessage } from '../../shared/queues/index.ts';
import type { MemoryQueues } from '../kit/memory-queues.ts';
import { addressOf, customerChange, externalIdOf, range } from './support/records.ts';

const UPDATES = 100;
/** Longer than any of this takes: nobody dies here. */
const HIDDEN_SECONDS = 600;

/** (c) A hundred edits of one record in two seconds. */
export const burstOnOne: Benchmark = async () => {
  const sandbox = await startNxtSandbox({ latencyMs: 100 });
  try {
    let now = Date.now();
    const engine = memoryEngine(sandbox, { now: () => now });
    const { messages } = await burst(engine, 1, () => (now += 20));
    const { create, update, all } = sandbox.requests.counts.operations;
    const row = sandbox.rows().find(({ externalId }) => externalId === externalIdOf(1));
    return {
      name: 'burst',
      title: 'Burst: 100 updates of one record within two seconds',
      figures: [
        { what: 'messages worked on', value: messages },
        { what: 'ERP writes', value: create + update, target: { most: 3 } },
        { what: 'ERP requests, reads and schema included', value: all },
        {
          what: 'newest state in the ERP',
          value: row?.addressLine1 === addressOf(1, UPDATES) ? 1 : 0,
          target: { least: 1 },
        },
      ],
      notes: ['After a write the same record waits three seconds, so that what comes meanwhile is one more write.'],
    };
  } finally {
    await sandbox.stop();
  }
};

/** Takes a hundred versions of one customer in and works on every message as it comes due. Time moves by `tick`. */
export async function burst(
  deps: SyncDeps & { readonly messages: MemoryQueues },
  n: number,
  tick: () => void,
): Promise<{ readonly messages: number; readonly outcomes: Readonly<Record<string, number>> }> {
  const outcomes: Record<string, number> = {};
  let messages = 0;
  const work = async (): Promise<void> => {
    for (const message of deps.messages.take(QUEUES.changes, Infinity, HIDDEN_SECONDS)) {
      const ref = toMessage(message.text);
      if (!ref) throw new Error('not a message of ours');
      messages += 1;
      const { outcome } = await applyChange(deps, ref);
      outcomes[outcome] = (outcomes[outcome] ?? 0) + 1;
      deps.messages.remove(QUEUES.changes, message);
    }
  };
  for (const version of range(1, UPDATES + 1)) {
    await acceptChanges(deps, changesOf([customerChange(n, { version })]), 'burst');
    await work();
    tick();
  }
  while (deps.messages.of(QUEUES.changes).length > 0) {
    tick();
    await work();
  }
  return { messages, outcomes };
}
