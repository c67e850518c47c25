import { Hono, type Context } from 'hono';
import { html } from 'hono/html';
import { Failure, FAILURES } from '../failure.ts';
import { isAssociateNo, WRITTEN_FIELDS, type AssociateNo, type RecordRef } from '../record/index.ts';
import {
  recordText,
  SelectionChanged,
  type Actor,
  type BothSides,
  type Operations,
  type Selection,
} from '../sync/index.ts';
import type { Kept } from '../store/index.ts';
import type { Pulse } from '../pulse/index.ts';
import { NotFound, type ApiVariables } from './api.ts';
import { openGroups } from './differences/open-view.ts';
import { planned, toRef, toRefs, toSelection } from './request.ts';
import { auditView } from './views/audit.ts';
import { findView } from './views/find.ts';
import {
  confirmDiscard,
  confirmReplay,
  doneView,
  groupView,
  needsView,
  outcomes,
  PER_SECOND,
  recordList,
  type GroupData,
} from './views/needs.ts';
import { keepName } from './views/kept.ts';
import { alert, type Html, type View } from './views/page.ts';
import { onPage, plannedView } from './views/planned.ts';
import { recordView } from './views/record.ts';
import { live, stateView, type StateData } from './views/state.ts';
import { MOST_CHOICES, SETTLED_BY_CHOICE, whichView } from './views/which.ts';

export interface PagesDeps {
  readonly operations: Operations;
  readonly pulse: Pulse;
  readonly limits: StateData['limits'];
  readonly inUse: () => Promise<StateData['inUse']>;
  readonly expiring: () => Promise<StateData['expiring']>;
}

export interface PageVariables extends ApiVariables {
  readonly view: View;
  /** Of a form that was sent. */
  readonly fields: Fields;
}

/** A form as sent. */
export interface Fields {
  /** The last value of a name; `''` when it did not come. */
  one(name: string): string;
  all(name: string): readonly string[];
  names(): readonly string[];
}

type Page = Context<{ Variables: PageVariables }>;

const LAST_ENTRIES = 10;
const ENTRIES = 100;
/** A replay from the page ends well before the load balancer hangs up. */
const MOST_AT_ONCE = 1_000;

/** The pages. Forms arrive checked: sent by the page itself, by an operator, with its token. */
export function createPages({
  operations,
  pulse,
  limits,
  inUse,
  expiring,
}: PagesDeps): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
  const show = async (c: Page, body: Html, status: 200 | 404 | 409 | 412 = 200) => c.html(await body, status);
  const actorOf = (c: Page): Actor => ({
    by: c.get('caller').name,
    reason: c.get('fields').one('reason').slice(0, 500),
  });
  const refOf = (c: Page): RecordRef => {
    const ref = toRef(c.req.param('kind') ?? '', c.req.param('crmId') ?? '');
    if (!ref) throw new NotFound();
    return ref;
  };

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
    const from = Math.max(0, Math.trunc(Number(c.req.query('from') ?? 0)) || 0);
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

  app.get('/find', (c) => show(c, findView(c.get('view'), null)));
  app.post('/find', async (c) => {
    const text = c.get('fields').one('query').trim().slice(0, 200);
    return show(c, findView(c.get('view'), text === '' ? null : await operations.find(text, actorOf(c))));
  });

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
      const { meaning, action } = texts.failures[error.code] ?? en(error);
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

  const toBeSettled = async () =>
    (await operations.failures({})).records.filter(
      ({ code, replayedAt }) => SETTLED_BY_CHOICE.includes(code) && replayedAt === '',
    );
  app.get('/which', async (c) => show(c, whichView(c.get('view'), await toBeSettled(), null)));
  app.post('/which/values', async (c) => {
    const refs = toRefs(c.get('fields').all('record')).slice(0, MOST_CHOICES);
    const sides = await operations.values(refs, actorOf(c));
    const byName = new Map(sides.map((each) => [recordText(each.ref), each]));
    return show(c, whichView(c.get('view'), await toBeSettled(), byName));
  });
  app.post('/which', async (c) => {
    const { texts } = c.get('view');
    const settled: string[] = [];
    const refused: string[] = [];
    for (const [ref, choice] of choicesOf(c.get('fields')).slice(0, MOST_CHOICES)) {
      try {
        await carryOut(operations, ref, choice, c.get('fields'), actorOf(c));
        settled.push(recordText(ref));
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        refused.push(`${recordText(ref)}: ${(texts.failures[error.code] ?? en(error)).meaning}`);
      }
    }
    const notices = [
      alert('success', texts.which.done(settled.length)),
      ...refused.map((text) => alert('danger', text)),
    ];
    return show(c, whichView(c.get('view'), await toBeSettled(), null, html`${notices}`));
  });

  const firstOf = (text: string | undefined): number => Math.max(0, Math.trunc(Number(text ?? 0)) || 0);
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
  app.get('/audit', async (c) => show(c, auditView(c.get('view'), await operations.audit(ENTRIES))));
  return app;
}

/** What the form of thirty says: a row's number, with `:erp` where its values stay, or `create`; what was left open is not among it. */
function choicesOf(fields: Fields): readonly (readonly [RecordRef, string])[] {
  return fields.names().flatMap((name) => {
    const [, record] = /^choice:(.+)$/.exec(name) ?? [];
    const choice = fields.one(name);
    if (record === undefined || choice === '') return [];
    return toRefs([record]).map((ref) => [ref, choice] as const);
  });
}

async function carryOut(
  operations: Operations,
  ref: RecordRef,
  choice: string,
  fields: Fields,
  actor: Actor,
): Promise<void> {
  if (choice === 'create') {
    await operations.replay({ selection: { refs: [ref] }, dryRun: false, create: true, perSecond: PER_SECOND }, actor);
    return;
  }
  const [number, winner] = choice.split(':');
  const associateNo = Number(number);
  if (!isAssociateNo(associateNo)) throw new Failure('link.not-found');
  await operations.link(ref, associateNo, actor, winner === 'erp' ? 'all' : keptIn(fields, ref, associateNo));
}

/** What the form says of values: all of the ERP's stay, or those of some fields; for a row where it offers several. */
function keptIn(fields: Fields, ref: RecordRef, associateNo?: AssociateNo): Kept {
  if (fields.one('winner') === 'erp') return 'all';
  return WRITTEN_FIELDS[ref.kind].filter((field) => fields.one(keepName(field, ref, associateNo)) === 'erp');
}

/** The failure table's own words, where the language has none. */
const en = ({ code }: Failure): { readonly meaning: string; readonly action: string } => FAILURES[code];
