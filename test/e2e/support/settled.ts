import { openEngine } from '../../../shared/engine.ts';
import { isOpen } from '../../../shared/store/index.ts';
import { listFailures } from '../../../shared/sync/operate/failures.ts';
import { QUEUES } from '../../../shared/storage-names.ts';
import { eventually } from '../../kit/eventually.ts';
import type { Environment } from './host.ts';

export interface Ledger {
  /** Waits until nothing accepted is left to do and nothing is owed to the CRM. */
  settled(): Promise<void>;
  failures(): Promise<readonly string[]>;
  /** Messages in the queue of changes, hidden ones too. */
  messages(): Promise<number>;
}

/** The ledger the host works on, seen from the test. */
export async function openLedger(settings: Environment): Promise<Ledger> {
  const { sync } = await openEngine(settings, () => undefined);
  const open = async (): Promise<readonly string[]> => {
    const found: string[] = [];
    for (const shard of sync.ledger.shards) {
      for await (const listed of sync.ledger.list(shard, ['outbox', 'pending'])) {
        if (listed.is === 'unreadable') throw new Error(`${listed.rowKey} cannot be read`);
        const { is, row } = listed;
        if (is === 'outbox' || (is === 'pending' && isOpen(row))) found.push(`${is} ${row.ref.crmId}`);
      }
    }
    return found;
  };
  return {
    settled: () =>
      eventually(
        async () => {
          const left = await open();
          if (left.length > 0) throw new Error(`${left.length} left: ${left.slice(0, 5).join(', ')}`);
        },
        { timeoutMs: 400_000, everyMs: 200 },
      ),
    failures: async () => (await listFailures(sync)).map(({ ref, code }) => `${ref.kind} ${ref.crmId} ${code}`),
    messages: async () => (await sync.queues.depths())[QUEUES.changes] ?? 0,
  };
}
