import { setImmediate } from 'node:timers/promises';
import type { Ports } from '../../shared/ports.ts';
import type { TABLES } from '../../shared/storage-names.ts';
import { MemoryQueues } from './memory-queues.ts';
import { MemoryTable, type Travel } from './memory-table.ts';

/** An answer never comes in the same turn as its question: others run in between, as with real storage. */
const oneTurn: Travel = async (work) => {
  const result = work();
  await setImmediate();
  return result;
};

/** One storage account in memory. */
export class MemoryStorage {
  readonly tables: Readonly<Record<keyof typeof TABLES, MemoryTable>> = {
    records: new MemoryTable(),
    control: new MemoryTable(),
    audit: new MemoryTable(),
  };
  readonly queues: MemoryQueues;

  constructor(now: () => number) {
    this.queues = new MemoryQueues(now);
  }

  /** As one process uses it. */
  ports(travel: Travel = oneTurn): Pick<Ports, 'storageName' | 'table' | 'queues'> {
    return {
      storageName: 'memory',
      table: (name) => this.tables[name].rows(travel),
      queues: this.queues.client(travel),
    };
  }
}
