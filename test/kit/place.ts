import type { Ports } from '../../shared/ports.ts';
import { createQueues } from '../../shared/queues/index.ts';
import { TABLES } from '../../shared/storage-names.ts';
import { connectStorage, type Storage } from '../../shared/storage.ts';
import { createRows } from '../../shared/store/index.ts';
import { freshStorageAccount } from './azurite.ts';
import { MemoryStorage } from './memory-storage.ts';

/** Where a world keeps its rows and messages, and what a test may look at there. */
export interface Place {
  readonly connectionString: string;
  readonly azurite: Storage | null;
  /** As one process uses it. */
  readonly ports: () => Pick<Ports, 'storageName' | 'table' | 'queues'>;
  readonly messages: (queue: string) => Promise<readonly string[]>;
  /** Hidden ones too, where that can be seen. */
  readonly everyMessage: (queue: string) => Promise<readonly string[]>;
  clear(queue: string): Promise<void>;
  rows(): Promise<readonly Readonly<Record<string, unknown>>[]>;
}

export function memoryPlace(now: () => number): Place {
  const storage = new MemoryStorage(now);
  return {
    connectionString: 'UseDevelopmentStorage=true',
    azurite: null,
    ports: () => storage.ports(),
    messages: async (queue) => storage.queues.visible(queue).map(({ text }) => text),
    everyMessage: async (queue) => storage.queues.of(queue).map(({ text }) => text),
    async clear(queue) {
      storage.queues.of(queue).length = 0;
    },
    rows: async () => Object.values(storage.tables).flatMap((table) => [...table.entities()]),
  };
}

export async function azuritePlace(): Promise<Place> {
  const connectionString = await freshStorageAccount();
  const storage = await connectStorage({ AzureWebJobsStorage: connectionString });
  const place: Place = {
    connectionString,
    azurite: storage,
    ports: () => ({
      storageName: storage.table(TABLES.records).url,
      table: (name) => createRows(storage.table(TABLES[name])),
      queues: createQueues(storage),
    }),
    async messages(queue) {
      const client = storage.queue(queue);
      if (!(await client.exists())) return [];
      const { peekedMessageItems } = await client.peekMessages({ numberOfMessages: 32 });
      return peekedMessageItems.map(({ messageText }) => Buffer.from(messageText, 'base64').toString('utf8'));
    },
    everyMessage: (queue) => place.messages(queue),
    async clear(queue) {
      await storage.queue(queue).clearMessages();
    },
    async rows() {
      const all: Readonly<Record<string, unknown>>[] = [];
      for (const name of Object.values(TABLES)) {
        const table = storage.table(name);
        await table.createTable();
        for await (const entity of table.listEntities()) all.push(entity);
      }
      return all;
    },
  };
  return place;
}
