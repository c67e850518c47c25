import { beforeAll, expect, it } from 'vitest';
import { createEngine } from '../../../shared/engine.ts';
import { readSettings } from '../../../shared/settings.ts';
import { fromFailed } from '../../../shared/store/failed-row.ts';
import { fromPending } from '../../../shared/store/pending-row.ts';
import { fromState } from '../../../shared/store/state-row.ts';
import { failedAddress, pendingAddress, stateAddress } from '../../../shared/store/keys.ts';
import { emptyFailed, emptyState, failedWith, type Rows } from '../../../shared/store/index.ts';
import { customer } from '../../kit/world.ts';
import { MemoryStorage } from '../../kit/memory-storage.ts';
import { memoryPorts } from '../../kit/ports.ts';
import { openSite, type Site } from './site.ts';

const RECORDS = 100_000;
const FAILURES = 5_000;
const MOST_REQUESTS = 40;
const MOST_BYTES = 150_000;
/** Rows of one answer of Table storage. */
const PAGE = 1_000;
const NOW = Date.UTC(2026, 10, 21, 8);

let requests = 0;

/** Counts what the service would: a request each, and one for each thousand rows of a range. */
function counted(rows: Rows): Rows {
  const one = <Answer>(work: () => Answer): Answer => {
    requests += 1;
    return work();
  };
  return {
    get: (at, parse) => one(() => rows.get(at, parse)),
    insert: (at, row) => one(() => rows.insert(at, row)),
    replace: (at, row, etag) => one(() => rows.replace(at, row, etag)),
    merge: (at, row, etag) => one(() => rows.merge(at, row, etag)),
    remove: (at, etag) => one(() => rows.remove(at, etag)),
    save: (steps) => one(() => rows.save(steps)),
    async *range(...given) {
      requests += 1;
      let seen = 0;
      for await (const row of rows.range(...given)) {
        seen += 1;
        if (seen > PAGE) {
          requests += 1;
          seen = 1;
        }
        yield row;
      }
    },
  };
}

let site: Site;
beforeAll(async () => {
  const environment = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    VISMA_CLIENT_ID: 'a',
    VISMA_CLIENT_SECRET: 'b',
    NXT_COMPANY_NO: '1',
    NXT_GRAPHQL_URL: 'http://127.0.0.1:1/',
    VISMA_TOKEN_URL: 'http://127.0.0.1:1/',
  };
  const now = () => NOW;
  const storage = new MemoryStorage(now);
  const ports = storage.ports();
  const engine = createEngine(
    readSettings(environment),
    memoryPorts(environment, {
      ...ports,
      table: (name) => counted(ports.table(name)),
      queues: { ...ports.queues, depths: () => ((requests += 4), ports.queues.depths()) },
      now,
    }),
  );
  const rows = ports.table('records');
  const at = new Date(NOW).toISOString();
  for (let n = 0; n < RECORDS; n += 1) {
    const ref = customer(`C-${n}`);
    await rows.insert(stateAddress(ref), fromState({ ...emptyState(ref), lastWriteAt: at }));
    if (n >= FAILURES) continue;
    const failed = {
      ...emptyFailed,
      ref,
      code: n % 2 === 0 ? 'match.ambiguous' : 'erp.row-refused',
      since: at,
      lastAt: at,
    };
    await rows.insert(failedAddress(ref), fromFailed({ ...failed, candidates: [n, n + 1] }));
    const pending = {
      ...{ ref, key: { version: 1, occurredAt: at, eventId: 'e' }, seen: [], body: '', revision: 'r', receivedAt: at },
      ...{ dueAt: at, notBefore: '', ...failedWith(failed.code), attempts: 0, waitingSince: '', expired: false },
      ...{ released: false, order: '' as const, keepsErp: [], approved: false, traceId: '' },
    };
    await rows.insert(pendingAddress(ref), fromPending(pending));
  }
  site = openSite({ engine });
});

it.each([
  '',
  '/live',
  '/needs',
  '/needs/match.ambiguous',
  '/find',
  '/which',
  '/planned',
  '/differences',
  '/audit',
  '/record/customer/C-1',
])('the view %j asks storage at most forty times, and its page is small', async (view) => {
  requests = 0;
  const html = await site.get(view);
  expect(html).toContain(view === '/live' ? 'id="live"' : '<h1');
  expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(Buffer.byteLength(html)).toBeLessThan(MOST_BYTES);
});

it('so does the search by number, which looks through what waits', async () => {
  requests = 0;
  expect((await site.post('/find', { query: '921 074 352' })).status).toBe(200);
  expect(requests).toBeLessThanOrEqual(MOST_REQUESTS);
});
