import { Hono } from 'hono';
import type { Pulse } from '../pulse/index.ts';
import type { Operations } from '../sync/index.ts';
import { createNeedsPages } from './needs-pages.ts';
import { actorOf, show, type PageVariables } from './page-request.ts';
import { createPlannedPages } from './planned-pages.ts';
import { createRecordPages } from './record-pages.ts';
import { auditView } from './views/audit.ts';
import { findView } from './views/find.ts';
import { live, stateView, type StateData } from './views/state.ts';
import { createWhichPages } from './which-pages.ts';

export interface PagesDeps {
  readonly operations: Operations;
  readonly pulse: Pulse;
  readonly limits: StateData['limits'];
  readonly inUse: () => Promise<StateData['inUse']>;
  readonly expiring: () => Promise<StateData['expiring']>;
}

const ENTRIES = 100;

/** The pages. Forms arrive checked: sent by the page itself, by an operator, with its token. */
export function createPages({
  operations,
  pulse,
  limits,
  inUse,
  expiring,
}: PagesDeps): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const stateData = async (): Promise<StateData> => {
    const [status, minutes, used, secrets] = await Promise.all([
      operations.status(),
      pulse.lastHour(),
      inUse(),
      expiring(),
    ]);
    return { status, minutes, limits, inUse: used, expiring: secrets };
  };
  app.get('/', async (c) => show(c, stateView(c.get('view'), await stateData())));
  app.get('/live', async (c) => show(c, live(c.get('view'), await stateData())));
  for (const action of ['pause', 'resume'] as const) {
    app.post(`/${action}`, async (c) => {
      await operations[action](actorOf(c));
      return show(c, stateView(c.get('view'), await stateData()));
    });
  }

  app.get('/find', (c) => show(c, findView(c.get('view'), null)));
  app.post('/find', async (c) => {
    const text = c.get('fields').one('query').trim().slice(0, 200);
    return show(c, findView(c.get('view'), text === '' ? null : await operations.find(text, actorOf(c))));
  });

  app.get('/audit', async (c) => show(c, auditView(c.get('view'), await operations.audit(ENTRIES))));

  app.route('/', createNeedsPages(operations));
  app.route('/', createRecordPages(operations));
  app.route('/', createWhichPages(operations));
  app.route('/', createPlannedPages(operations));
  return app;
}
