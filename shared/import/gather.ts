import type { SyncDeps } from '../sync/index.ts';

type Erp = SyncDeps['erp'];

/** Rows in one request of the ERP client: with so many waiting there is nothing to gain by waiting on. */
const FULL = 100;
/** Storage that hangs for one row must not hold the others, whose leases run. */
const LONGEST_WAIT_MS = 5_000;

/** Lets ERP calls of many rows leave together. */
export interface Gatherer {
  readonly erp: Erp;
  /** Counts a row as being in work. */
  row<T>(work: () => Promise<T>): Promise<T>;
}

/**
 * Between two ERP calls a row spends its time in storage, and rows come out of it one by one: left to the client's short
 * window, requests of forty rows would be the rule. Here it is known how many rows are on their way, so a call waits
 * until a request is full or every row waits, whichever comes first.
 */
export function createGatherer(erp: Erp): Gatherer {
  const waiting: Record<'find' | 'create' | 'update', (() => void)[]> = { find: [], create: [], update: [] };
  let rows = 0;
  let timer: NodeJS.Timeout | undefined;

  const release = (kind: keyof typeof waiting): void => {
    const released = waiting[kind];
    waiting[kind] = [];
    for (const go of released) go();
  };
  const releaseAll = (): void => {
    clearTimeout(timer);
    timer = undefined;
    for (const kind of ['find', 'create', 'update'] as const) release(kind);
  };
  /** Rows whose call has been let go wait for the ERP: nobody needs to wait for them. */
  let away = 0;
  const consider = (): void => {
    for (const kind of ['find', 'create', 'update'] as const) if (waiting[kind].length >= FULL) release(kind);
    const held = waiting.find.length + waiting.create.length + waiting.update.length;
    if (held === 0) return;
    if (held + away >= rows) releaseAll();
    else timer ??= setTimeout(releaseAll, LONGEST_WAIT_MS);
  };

  const gathered = async <T>(kind: keyof typeof waiting, call: () => Promise<T>): Promise<T> => {
    await new Promise<void>((resolve) => {
      waiting[kind].push(resolve);
      consider();
    });
    away += 1;
    try {
      return await call();
    } finally {
      away -= 1;
    }
  };

  return {
    erp: {
      ...erp,
      find: (selector) => gathered('find', () => erp.find(selector)),
      create: (row, beforeSend) => gathered('create', () => erp.create(row, beforeSend)),
      update: (no, values, beforeSend) => gathered('update', () => erp.update(no, values, beforeSend)),
    },
    async row(work) {
      rows += 1;
      try {
        return await work();
      } finally {
        rows -= 1;
        consider();
      }
    },
  };
}
