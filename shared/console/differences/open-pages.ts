import { Hono, type Context } from 'hono';
import type { BothSides, Operations } from '../../sync/index.ts';
import { NotFound } from '../api.ts';
import type { PageVariables } from '../page-request.ts';
import { toRefs } from '../request.ts';
import { alert, type Html } from '../views/page.ts';
import { OPEN_CODES, openView } from './open-view.ts';
import { actorOf, settledNotice } from './pages.ts';
import { choicesOf, needsReason, settleAll } from './settle.ts';

type Page = Context<{ Variables: PageVariables }>;

interface Shown {
  readonly sides?: BothSides | null;
  readonly notice?: Html;
  readonly status?: 200 | 400;
}

/** `/differences/open?code=field.conflict`: fields that need a person, of one cause. */
export function createOpenFieldPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const show = async (
    c: Page,
    asked: string,
    from: string,
    { sides = null, notice = '', status = 200 }: Shown = {},
  ) => {
    const code = OPEN_CODES.find((each) => each === asked);
    if (code === undefined) throw new NotFound();
    const open = await operations.openFields({ code });
    const first = Math.max(0, Math.trunc(Number(from)) || 0);
    return c.html(await openView(c.get('view'), code, open, { from: first, sides, notice }), status);
  };
  const again = (c: Page, what: Shown) => show(c, c.get('fields').one('code'), c.get('fields').one('from'), what);
  const noReason = (c: Page): Shown => ({
    notice: alert('warning', c.get('view').texts.differences.needsReason),
    status: 400,
  });

  app.get('/', async (c) => show(c, c.req.query('code') ?? '', c.req.query('from') ?? ''));
  app.post('/values', async (c) => {
    const actor = actorOf(c);
    if (actor.reason === '') return again(c, noReason(c));
    const [sides = null] = await operations.values(toRefs([c.get('fields').one('record')]), actor);
    return again(c, { sides });
  });
  app.post('/', async (c) => {
    const choices = choicesOf(c.get('fields'));
    const actor = actorOf(c);
    if (needsReason(choices, actor)) return again(c, noReason(c));
    const settling = await settleAll(operations, choices, actor, c.get('view').texts);
    return again(c, { notice: settledNotice(c.get('view'), settling) });
  });
  return app;
}
