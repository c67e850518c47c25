import { Hono, type Context } from 'hono';
import { ZodError } from 'zod';
import type { Receipt, Rights } from '../../rights/index.ts';
import { NotFound } from '../api.ts';
import type { PageVariables } from '../page-request.ts';
import { alert, type Html } from '../views/page.ts';
import { caseOf, decisionOf, personQuery, recordOf } from './request.ts';
import { accessView, confirmErasure, privacyView, receiptView } from './views.ts';

type Page = Context<{ Variables: PageVariables }>;

/** What a form of a person may hold; it comes back in hidden fields when an erasure is to be confirmed. */
const TYPED = ['by', 'text', 'customer', 'requester', 'reference', 'reason'] as const;

/** `/privacy…`. Forms arrive checked: sent by the page itself, by an operator, with its token. */
export function createPrivacyPages(rights: Rights): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const show = async (c: Page, body: Html, status: 200 | 400 = 200) => c.html(await body, status);
  const home = async (c: Page, notice: Html = '', status: 200 | 400 = 200) => {
    const [report, receipts] = await Promise.all([rights.report(), rights.receipts()]);
    return show(c, privacyView(c.get('view'), report, receipts, notice), status);
  };
  const showReceipt = (c: Page, receipt: Receipt | null) => {
    if (receipt === null) throw new NotFound();
    return show(c, receiptView(c.get('view'), receipt));
  };
  const typed = (c: Page) => Object.fromEntries(TYPED.map((name) => [name, c.get('fields').one(name)]));
  const asked = (c: Page) => {
    const { reason, ...request } = caseOf.parse(typed(c));
    return { request, actor: { by: c.get('caller').name, reason } };
  };
  /** What does not fit is said on the page itself, with nothing done. */
  const orBad = async (c: Page, work: () => Promise<Response>): Promise<Response> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ZodError)) throw error;
      return home(c, alert('warning', c.get('view').texts.privacy.bad), 400);
    }
  };

  app.get('/', async (c) => home(c));
  app.get('/receipt/:id', async (c) => showReceipt(c, await rights.receipt(c.req.param('id'))));
  app.post('/receipt/:id/finish', async (c) =>
    showReceipt(c, (await rights.finishErasure(c.req.param('id')))?.receipt ?? null),
  );
  app.post('/receipt/:id/decide', async (c) => {
    const { decision } = decisionOf.parse({ decision: c.get('fields').one('act') });
    const { request, actor } = asked(c);
    return showReceipt(c, await rights.decide(c.req.param('id'), decision, request, actor));
  });

  app.post('/person', async (c) =>
    orBad(c, async () => {
      const query = personQuery.parse(typed(c));
      const { request, actor } = asked(c);
      if (c.get('fields').one('act') === 'access') {
        const { answer, receipt } = await rights.access(query, request, actor);
        return show(c, accessView(c.get('view'), answer, receipt));
      }
      if (c.get('fields').one('confirmed') !== 'yes') {
        const { records, associateNos } = await rights.find(query);
        const found = { records: records.length, rows: associateNos.length };
        return show(c, confirmErasure(c.get('view'), found, typed(c)));
      }
      return showReceipt(c, (await rights.erase(query, request, actor)).receipt);
    }),
  );
  app.post('/record', async (c) =>
    orBad(c, async () => {
      const { record } = recordOf.parse({ record: c.get('fields').one('record') });
      const { request, actor } = asked(c);
      switch (c.get('fields').one('act')) {
        case 'restrict':
          return showReceipt(c, await rights.restrict(record, request, actor));
        case 'object':
          return showReceipt(c, await rights.object(record, request, actor));
        case 'apply':
          return showReceipt(c, await rights.unrestrict(record, 'apply', request, actor));
        case 'drop':
          return showReceipt(c, await rights.unrestrict(record, 'drop', request, actor));
        case 'undo': {
          const { lifted } = await rights.undoErasure(record, request, actor);
          return home(c, alert('success', c.get('view').texts.privacy.undone(lifted)));
        }
        default:
          throw new NotFound();
      }
    }),
  );
  return app;
}
