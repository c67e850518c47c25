import { expect, it } from 'vitest';
import { createGatherer } from '../../../shared/import/gather.ts';
import type { SyncDeps } from '../../../shared/sync/index.ts';

const settle = () => new Promise((resolve) => setImmediate(resolve));

/** An ERP that notes how many finds came since it was last asked. */
function setUp() {
  let arrived = 0;
  const find = async () => {
    arrived += 1;
    return [];
  };
  const gatherer = createGatherer({ find } as Partial<SyncDeps['erp']> as SyncDeps['erp']);
  return {
    gatherer,
    arrivals: () => {
      const count = arrived;
      arrived = 0;
      return count;
    },
  };
}

it('holds a call while other rows are on their way, and lets all go when every row waits', async () => {
  const { gatherer, arrivals } = setUp();
  const storage = Promise.withResolvers<undefined>();
  const first = gatherer.row(() => gatherer.erp.find({}));
  const second = gatherer.row(async () => {
    await storage.promise;
    return gatherer.erp.find({});
  });
  void gatherer.row(() => gatherer.erp.find({}));
  await settle();
  // The first row was alone when it came; the third knows of the second.
  expect(arrivals()).toBe(1);
  storage.resolve(undefined);
  await Promise.all([first, second]);
  expect(arrivals()).toBe(2);
});

it('lets calls go as soon as they fill a request', async () => {
  const { gatherer, arrivals } = setUp();
  void gatherer.row(() => new Promise(() => undefined));
  for (let n = 0; n < 99; n += 1) void gatherer.row(() => gatherer.erp.find({}));
  await settle();
  expect(arrivals()).toBe(0);
  void gatherer.row(() => gatherer.erp.find({}));
  await settle();
  expect(arrivals()).toBe(100);
});

it('goes on when the last row on its way ends without a call', async () => {
  const { gatherer, arrivals } = setUp();
  const other = Promise.withResolvers<undefined>();
  const ending = gatherer.row(() => other.promise);
  const calling = gatherer.row(() => gatherer.erp.find({}));
  await settle();
  expect(arrivals()).toBe(0);
  other.resolve(undefined);
  await Promise.all([ending, calling]);
  expect(arrivals()).toBe(1);
});
