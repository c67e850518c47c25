import { Hono } from 'hono';
import type { AssociateNo } from '../record/index.ts';
import type { FieldChoice, Operations } from '../sync/index.ts';
import { bodies, planned, toRef, toRefs, toSelection } from './request.ts';
import { PER_SECOND } from './views/replay.ts';
import type { Caller } from './access.ts';

export interface ApiVariables {
  readonly caller: Caller;
}

/** `records/{kind}/{crmId}` with an id that no record can have. */
export class NotFound extends Error {}

/**
 * The JSON API: everything the pages do, for scripts. Whoever calls has been let in already, and acts only as an
 * operator; who it is comes from the proof, so no body names it.
 */
export function createApi(operations: Operations): Hono<{ Variables: ApiVariables }> {
  const api = new Hono<{ Variables: ApiVariables }>();
  const selected = (url: string) => {
    const { searchParams } = new URL(url);
    return toSelection({
      records: searchParams.getAll('record'),
      code: searchParams.get('code') ?? undefined,
      olderThanHours: searchParams.get('olderThanHours') ?? undefined,
    });
  };
  const refOf = (kind: string, crmId: string) => {
    const ref = toRef(kind, crmId);
    if (!ref) throw new NotFound();
    return ref;
  };
  const actor = ({ name: by }: Caller, reason: string) => ({ by, reason });

  api.get('/status', async (c) => c.json(await operations.status()));
  api.get('/failures', async (c) => c.json(await operations.failures(selected(c.req.url))));
  api.get('/waiting', async (c) => c.json({ items: await operations.waiting(selected(c.req.url)) }));
  api.get('/planned', async (c) => c.json(await operations.planned(selected(c.req.url))));
  api.get('/planned/plans', async (c) => {
    const names = planned.parse(new URL(c.req.url).searchParams.getAll('record'));
    return c.json({ items: await operations.plans(toRefs(names)) });
  });
  api.get('/audit', async (c) => {
    const limit = Math.min(500, Math.max(1, Number(c.req.query('limit') ?? 50) || 50));
    return c.json({ items: await operations.audit(limit) });
  });
  api.get('/records/:kind/:crmId', async (c) =>
    c.json(await operations.record(refOf(c.req.param('kind'), c.req.param('crmId')))),
  );

  api.get('/notes', async (c) => c.json({ items: await operations.notes() }));

  api.post('/find', async (c) => {
    const { query, reason } = bodies.find.parse(await c.req.json());
    return c.json(await operations.find(query, actor(c.get('caller'), reason)));
  });
  api.post('/values', async (c) => {
    const { records, reason } = bodies.values.parse(await c.req.json());
    return c.json({ items: await operations.values(toRefs(records), actor(c.get('caller'), reason)) });
  });
  api.post('/notes', async (c) => {
    const { code, text, reason } = bodies.note.parse(await c.req.json());
    await operations.note(code, text, actor(c.get('caller'), reason));
    return c.json({ items: await operations.notes() });
  });
  api.post('/failures/replay', async (c) => {
    const { reason, ...request } = bodies.replay.parse(await c.req.json());
    const { etag, action, ...rest } = request;
    const asked = { ...rest, ...(etag !== undefined && { etag }), ...(action !== undefined && { action }) };
    return c.json(await operations.replay({ ...asked, perSecond: PER_SECOND }, actor(c.get('caller'), reason)));
  });
  api.post('/failures/discard', async (c) => {
    const { reason, etag, ...request } = bodies.discard.parse(await c.req.json());
    const asked = { ...request, ...(etag !== undefined && { etag }) };
    return c.json({ items: await operations.discard(asked, actor(c.get('caller'), reason)) });
  });
  api.post('/planned/values', async (c) => {
    const { records, reason } = bodies.planValues.parse(await c.req.json());
    return c.json({ items: await operations.plans(toRefs(records), actor(c.get('caller'), reason)) });
  });
  api.post('/planned/apply', async (c) => {
    const { reason, etag, ...request } = bodies.discard.parse(await c.req.json());
    const asked = { ...request, ...(etag !== undefined && { etag }) };
    return c.json({ items: await operations.applyPlanned(asked, actor(c.get('caller'), reason)) });
  });
  api.post('/waiting/free', async (c) => {
    const { reason, ...request } = bodies.free.parse(await c.req.json());
    return c.json({ items: await operations.free(request, actor(c.get('caller'), reason)) });
  });
  for (const action of ['pause', 'resume'] as const) {
    api.post(`/flow/${action}`, async (c) => {
      const { reason } = bodies.reason.parse(await c.req.json());
      return c.json(await operations[action](actor(c.get('caller'), reason)));
    });
  }
  api.post('/records/:kind/:crmId/link', async (c) => {
    const { associateNo, winner, keep, reason } = bodies.link.parse(await c.req.json());
    const ref = refOf(c.req.param('kind'), c.req.param('crmId'));
    const kept = winner === 'erp' ? 'all' : keep;
    await operations.link(ref, associateNo as AssociateNo, actor(c.get('caller'), reason), kept);
    return c.json(await operations.record(ref));
  });
  api.post('/records/:kind/:crmId/unlink', async (c) => {
    const { reason } = bodies.reason.parse(await c.req.json());
    const ref = refOf(c.req.param('kind'), c.req.param('crmId'));
    await operations.unlink(ref, actor(c.get('caller'), reason));
    return c.json(await operations.record(ref));
  });
  api.get('/fields', async (c) => c.json({ items: await operations.openFields(selected(c.req.url)) }));
  api.get('/differences', async (c) => c.json({ last: await operations.differences() }));
  api.post('/reconcile', async (c) => {
    const { reason } = bodies.reason.parse(await c.req.json());
    return c.json({ items: await operations.reconcile(actor(c.get('caller'), reason)) });
  });
  api.post('/records/:kind/:crmId/fields/:field', async (c) => {
    const { use, mark, reason } = bodies.settleField.parse(await c.req.json());
    const ref = refOf(c.req.param('kind'), c.req.param('crmId'));
    const who = actor(c.get('caller'), reason);
    return c.json({ result: await operations.settleField(ref, c.req.param('field'), choiceOf(use), who, mark) });
  });
  api.post('/differences/ignore', async (c) => {
    const { reason, ...line } = bodies.letBe.parse(await c.req.json());
    await operations.letBe(line, actor(c.get('caller'), reason));
    return c.json({ result: 'ignored' });
  });
  api.post('/differences/settle', async (c) => {
    const { reason, use, field, cap, comparedAt, ...rest } = bodies.settleMany.parse(await c.req.json());
    if (use === 'ignore' && reason === '' && !rest.dryRun) bodies.letBe.shape.reason.parse(reason);
    const asked = {
      ...{ ...rest, choice: choiceOf(use) },
      ...(field !== undefined && { field }),
      ...(cap !== undefined && { cap }),
      ...(comparedAt !== undefined && { comparedAt }),
    };
    return c.json(await operations.settleMany(asked, actor(c.get('caller'), reason)));
  });
  return api;
}

export const choiceOf = (use: 'crm' | 'erp' | 'ignore'): FieldChoice => (use === 'ignore' ? { ignore: true } : { use });
