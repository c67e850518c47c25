import { Hono } from 'hono';
import { SelectionChanged, type Operations, type Selection } from '../sync/index.ts';
import { openGroups } from './differences/open-view.ts';
import { actorOf, firstOf, show, type Page, type PageVariables } from './page-request.ts';
import { toSelection } from './request.ts';
import { groupView, type GroupData } from './views/group.ts';
import { needsView } from './views/needs.ts';
import { alert } from './views/page.ts';
import { confirmDiscard, confirmReplay, doneView, outcomes, PER_SECOND, recordList } from './views/replay.ts';

const LAST_ENTRIES = 10;
/** A replay from the page ends well before the load balancer hangs up. */
const MOST_AT_ONCE = 1_000;

/** What needs a person, by cause: `/needs…`, and what is done with one cause: `/replay`, `/discard`, `/note`. */
export function createNeedsPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  app.get('/needs', async (c) => {
    const [{ groups, fields }, notes, last] = await Promise.all([
      operations.failures({}),
      operations.notes(),
      operations.audit(LAST_ENTRIES),
    ]);
    return show(c, needsView(c.get('view'), groups, notes, last, openGroups(fields)));
  });
  const groupData = async (
    code: string,
    olderThanHours = '',
    from = 0,
  ): Promise<GroupData & { readonly selection: Selection }> => {
    const selection = toSelection({ records: [], code, olderThanHours });
    const [list, notes] = await Promise.all([operations.failures(selection), operations.notes()]);
    return { code, list, notes, from, olderThanHours, selection };
  };
  app.get('/needs/:code', async (c) => {
    const from = firstOf(c.req.query('from'));
    return show(c, groupView(c.get('view'), await groupData(c.req.param('code'), c.req.query('olderThanHours'), from)));
  });
  const changed = async (c: Page, data: GroupData) =>
    show(c, groupView(c.get('view'), data, alert('warning', c.get('view').texts.needs.changed)), 412);

  app.post('/replay', async (c) => {
    const fields = c.get('fields');
    const data = await groupData(fields.one('code'), fields.one('olderThanHours'));
    const release = fields.one('release') === 'yes';
    const dryRun = fields.one('confirmed') !== 'yes';
    try {
      const answer = await operations.replay(
        {
          selection: data.selection,
          etag: fields.one('etag'),
          dryRun,
          release,
          cap: MOST_AT_ONCE,
          perSecond: PER_SECOND,
        },
        actorOf(c),
      );
      const view = c.get('view');
      return await show(
        c,
        dryRun
          ? confirmReplay(view, data, answer, release)
          : doneView(view, data.code, outcomes(view, answer), answer.left),
      );
    } catch (error) {
      if (error instanceof SelectionChanged) return changed(c, data);
      throw error;
    }
  });
  app.post('/discard', async (c) => {
    const fields = c.get('fields');
    const data = await groupData(fields.one('code'), fields.one('olderThanHours'));
    const dryRun = fields.one('confirmed') !== 'yes';
    try {
      const refs = await operations.discard(
        { selection: data.selection, etag: fields.one('etag'), dryRun },
        actorOf(c),
      );
      const view = c.get('view');
      return await show(
        c,
        dryRun ? confirmDiscard(view, data, refs) : doneView(view, data.code, recordList(view, refs)),
      );
    } catch (error) {
      if (error instanceof SelectionChanged) return changed(c, data);
      throw error;
    }
  });
  app.post('/note', async (c) => {
    const fields = c.get('fields');
    const { code = '' } = toSelection({ records: [], code: fields.one('code') });
    await operations.note(code, fields.one('text').trim().slice(0, 500), actorOf(c));
    return show(c, groupView(c.get('view'), await groupData(code)));
  });
  return app;
}
