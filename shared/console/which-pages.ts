import { Hono } from 'hono';
import { html } from 'hono/html';
import { Failure } from '../failure.ts';
import { isAssociateNo, WRITTEN_FIELDS, type AssociateNo, type RecordRef } from '../record/index.ts';
import type { Kept } from '../store/index.ts';
import { recordText, type Actor, type Operations } from '../sync/index.ts';
import { actorOf, show, type Fields, type PageVariables } from './page-request.ts';
import { toRefs } from './request.ts';
import { keepName } from './views/kept.ts';
import { alert, explained } from './views/page.ts';
import { PER_SECOND } from './views/replay.ts';
import { MOST_CHOICES, SETTLED_BY_CHOICE, whichView } from './views/which.ts';

/** `/which`: records for which a person chooses a row, many at once. */
export function createWhichPages(operations: Operations): Hono<{ Variables: PageVariables }> {
  const app = new Hono<{ Variables: PageVariables }>();
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
        refused.push(`${recordText(ref)}: ${explained(c.get('view'), error.code).meaning}`);
      }
    }
    const notices = [
      alert('success', texts.which.done(settled.length)),
      ...refused.map((text) => alert('danger', text)),
    ];
    return show(c, whichView(c.get('view'), await toBeSettled(), null, html`${notices}`));
  });
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
export function keptIn(fields: Fields, ref: RecordRef, associateNo?: AssociateNo): Kept {
  if (fields.one('winner') === 'erp') return 'all';
  return WRITTEN_FIELDS[ref.kind].filter((field) => fields.one(keepName(field, ref, associateNo)) === 'erp');
}
