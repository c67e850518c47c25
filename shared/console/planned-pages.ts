import { Hono } from 'hono';
import { SelectionChanged, type Operations } from '../sync/index.ts';
import { actorOf, firstOf, show, type PageVariables } from './page-request.ts';
import { planned, toRefs } from './request.ts';
import { alert } from './views/page.ts';
import { onPage, plannedView } from './views/planned.ts';

/** `/planned`: what plan mode decided, and what a person has written of it. */
export function createPlannedPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  app.get('/planned', async (c) => {
    const from = firstOf(c.req.query('from'));
    const list = await operations.planned({});
    const refs = onPage(list, from).map(({ ref }) => ref);
    const plans = c.req.query('plans') === 'yes' ? await operations.plans(refs) : null;
    return show(c, plannedView(c.get('view'), list, from, plans));
  });
  app.post('/planned/values', async (c) => {
    const fields = c.get('fields');
    const [list, plans] = await Promise.all([
      operations.planned({}),
      operations.plans(toRefs(planned.parse(fields.all('record'))), actorOf(c)),
    ]);
    return show(c, plannedView(c.get('view'), list, firstOf(fields.one('from')), plans));
  });
  app.post('/planned', async (c) => {
    const fields = c.get('fields');
    const refs = toRefs(fields.all('record'));
    const selection = fields.one('all') === 'yes' ? {} : { refs };
    const view = c.get('view');
    try {
      const etag = fields.one('all') === 'yes' ? { etag: fields.one('etag') } : {};
      const results = await operations.applyPlanned({ selection, dryRun: false, ...etag }, actorOf(c));
      const sent = results.filter(({ result }) => result === 'sent').length;
      const notice = alert('success', view.texts.planned.sent(sent));
      return await show(c, plannedView(view, await operations.planned({}), 0, null, notice));
    } catch (error) {
      if (!(error instanceof SelectionChanged)) throw error;
      const notice = alert('warning', view.texts.needs.changed);
      return show(c, plannedView(view, await operations.planned({}), 0, null, notice), 412);
    }
  });
  return app;
}
