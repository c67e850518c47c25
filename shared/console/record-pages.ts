import { Hono } from 'hono';
import { Failure } from '../failure.ts';
import { isAssociateNo, type RecordRef } from '../record/index.ts';
import type { BothSides, Operations } from '../sync/index.ts';
import { NotFound } from './api.ts';
import { actorOf, show, type Page, type PageVariables } from './page-request.ts';
import { toRef } from './request.ts';
import { alert, explained, type Html, type View } from './views/page.ts';
import { recordView } from './views/record.ts';
import { PER_SECOND } from './views/replay.ts';
import { keptIn } from './which-pages.ts';

function refOf(c: Page): RecordRef {
  const ref = toRef(c.req.param('kind') ?? '', c.req.param('crmId') ?? '');
  if (!ref) throw new NotFound();
  return ref;
}

/** One record, `/record/customer/C-1`, and what a person settles about it. */
export function createRecordPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const recordPage = async (c: Page, sides: BothSides | null = null, notice: Html = '', status: 200 | 409 = 200) => {
    const life = await operations.record(refOf(c));
    const isUnknown = life.stands === 'never-seen';
    return show(c, recordView(c.get('view'), life, sides, notice), isUnknown ? 404 : status);
  };
  const RECORD = '/record/:kind/:crmId';
  app.get(RECORD, (c) => recordPage(c));
  app.post(`${RECORD}/values`, async (c) => {
    const [sides = null] = await operations.values([refOf(c)], actorOf(c));
    return recordPage(c, sides);
  });
  /** An act on one record, and what is said when it is done; a refusal is said with its reason. */
  const settle = async (c: Page, work: (ref: RecordRef, say: View['texts']) => Promise<string>) => {
    const { texts } = c.get('view');
    try {
      return await recordPage(c, null, alert('success', await work(refOf(c), texts)));
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { meaning, action } = explained(c.get('view'), error.code);
      return recordPage(c, null, alert('danger', `${texts.record.refused} ${meaning} ${action}`), 409);
    }
  };
  app.post(`${RECORD}/link`, async (c) =>
    settle(c, async (ref, { record }) => {
      const associateNo = Number(c.get('fields').one('associateNo'));
      if (!isAssociateNo(associateNo)) throw new Failure('link.not-found');
      await operations.link(ref, associateNo, actorOf(c), keptIn(c.get('fields'), ref));
      return record.linked(associateNo);
    }),
  );
  app.post(`${RECORD}/unlink`, async (c) =>
    settle(c, async (ref, { record }) => {
      await operations.unlink(ref, actorOf(c));
      return record.unlinked;
    }),
  );
  app.post(`${RECORD}/free`, async (c) =>
    settle(c, async (ref, { record }) => {
      await operations.free({ selection: { refs: [ref] }, dryRun: false }, actorOf(c));
      return record.freed;
    }),
  );
  for (const create of [true, false]) {
    app.post(`${RECORD}/${create ? 'create' : 'replay'}`, async (c) =>
      settle(c, async (ref, { needs }) => {
        const request = { selection: { refs: [ref] }, dryRun: false, create, perSecond: PER_SECOND };
        const { results } = await operations.replay(request, actorOf(c));
        return results.map(({ result }) => needs.results[result]).join(', ');
      }),
    );
  }
  return app;
}
