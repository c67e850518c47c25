import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import { Failure, FAILURES } from '../../failure.ts';
import { RECONCILE_KINDS, SelectionChanged, type Actor, type BothSides, type Operations } from '../../sync/index.ts';
import { choiceOf } from '../api.ts';
import type { Fields, PageVariables } from '../page-request.ts';
import { toRefs } from '../request.ts';
import { alert, shown, type Html, type View } from '../views/page.ts';
import { allDone, confirmAll, type AllAsked } from './all-view.ts';
import { choicesOf, needsReason, settleAll, type Settling } from './settle.ts';
import { differencesView, type Place } from './views.ts';

type Page = Context<{ Variables: PageVariables }>;
type Status = 200 | 400 | 409 | 412;

/** `/differences…`. Forms arrive checked: sent by the page itself, by an operator, with its token. */
export function createDifferencesPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const show = async (
    c: Page,
    place: (counts: Readonly<Record<Place['kind'], number>>) => Place,
    { sides = null, notice = '', status = 200 }: { sides?: BothSides | null; notice?: Html; status?: Status } = {},
  ) => {
    const last = await operations.differences();
    const at = last === null ? FIRST : place(last.counts);
    return c.html(await differencesView(c.get('view'), last, at, sides, notice), status);
  };
  const sent = (c: Page) => {
    const place = placeOf(c.get('fields').one('kind'), c.get('fields').one('from'));
    return { place, actor: actorOf(c) };
  };

  app.get('/', async (c) => show(c, placeOf(c.req.query('kind'), c.req.query('from'))));
  app.post('/run', async (c) => {
    try {
      await operations.reconcile(actorOf(c));
      return await show(c, placeOf());
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { failures, record } = c.get('view').texts;
      const { meaning, action } = failures[error.code] ?? FAILURES[error.code];
      const notice = alert('danger', `${record.refused} ${meaning} ${action}`);
      return show(c, placeOf(), { notice, status: 409 });
    }
  });
  app.post('/values', async (c) => {
    const { place, actor } = sent(c);
    const notice = alert('warning', c.get('view').texts.differences.needsReason);
    if (actor.reason === '') return show(c, place, { notice, status: 400 });
    const [sides = null] = await operations.values(toRefs([c.get('fields').one('record')]), actor);
    return show(c, place, { sides });
  });
  app.post('/', async (c) => {
    const { place, actor } = sent(c);
    const view = c.get('view');
    const choices = choicesOf(c.get('fields'));
    const notice = alert('warning', view.texts.differences.needsReason);
    if (needsReason(choices, actor)) return show(c, place, { notice, status: 400 });
    const settling = await settleAll(operations, choices, actor, view.texts);
    return show(c, place, { notice: settledNotice(view, settling) });
  });
  app.post('/all', async (c) => {
    const { actor, place } = sent(c);
    const view = c.get('view');
    const asked = allOf(c.get('fields'));
    if (!asked) return show(c, place);
    const isConfirmed = c.get('fields').one('confirmed') === 'yes';
    if (isConfirmed && asked.use === 'ignore' && actor.reason === '') {
      return show(c, place, { notice: alert('warning', view.texts.differences.needsReason), status: 400 });
    }
    const { kind, field, use, comparedAt } = asked;
    const request = { kind, choice: choiceOf(use), comparedAt, ...(field !== '' && { field }) };
    try {
      const settled = await operations.settleMany({ ...request, dryRun: !isConfirmed }, actor);
      if (!isConfirmed) return await c.html(confirmAll(view, asked, settled));
      return await show(c, place, { notice: allDone(view, settled) });
    } catch (error) {
      if (!(error instanceof SelectionChanged)) throw error;
      return show(c, place, { notice: alert('warning', view.texts.needs.changed), status: 412 });
    }
  });
  return app;
}

/** What a form says of many lines; null where it is none of the page's own. */
function allOf(fields: Fields): AllAsked | null {
  const kind = RECONCILE_KINDS.find((each) => each === fields.one('kind'));
  const use = (['crm', 'erp', 'ignore'] as const).find((each) => each === fields.one('use'));
  if (!kind || !use) return null;
  return { kind, use, field: fields.one('field').slice(0, 80), comparedAt: fields.one('comparedAt').slice(0, 40) };
}

export const actorOf = (c: Page): Actor => ({
  by: c.get('caller').name,
  reason: c.get('fields').one('reason').trim().slice(0, 500),
});

export const settledNotice = ({ texts: { differences: say } }: View, { done, refused, left }: Settling): Html =>
  html`${alert('success', say.settled(done.length))}
  ${
    done.length === 0
      ? ''
      : html`<ul class="ds-list">
          ${done.map((text) => html`<li>${shown(text)}</li>`)}
        </ul>`
  }
  ${refused.map((text) => alert('danger', shown(text)))} ${left > 0 ? alert('warning', say.left(left)) : ''}`;

const FIRST: Place = { kind: 'differs', from: 0 };

/** The kind that was asked for, else the first of which there is any. */
const placeOf =
  (kind = '', from = '0') =>
  (counts: Readonly<Record<Place['kind'], number>>): Place => {
    const asked = RECONCILE_KINDS.find((each) => each === kind);
    const first = RECONCILE_KINDS.find((each) => counts[each] > 0) ?? FIRST.kind;
    return { kind: asked ?? first, from: Math.max(0, Math.trunc(Number(from)) || 0) };
  };
