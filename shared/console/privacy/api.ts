import { Hono } from 'hono';
import type { Rights } from '../../rights/index.ts';
import { NotFound, type ApiVariables } from '../api.ts';
import { caseOf, decisionOf, heldOf, personQuery, recordOf } from './request.ts';

/** The rights of persons for scripts: `/v1/privacy/…`. Personal values come in bodies, never in addresses. */
export function createPrivacyApi(rights: Rights): Hono<{ Variables: ApiVariables }> {
  const api = new Hono<{ Variables: ApiVariables }>();
  const known = <T>(found: T | null): T => {
    if (found === null) throw new NotFound();
    return found;
  };

  api.get('/report', async (c) => c.json(await rights.report()));
  api.get('/receipts', async (c) => c.json({ items: await rights.receipts() }));
  api.get('/receipts/:id', async (c) => c.json(known(await rights.receipt(c.req.param('id')))));
  api.get('/proof/:crmId', async (c) =>
    c.json(await rights.proof(recordOf.parse({ record: c.req.param('crmId') }).record)),
  );

  api.post('/access', async (c) => {
    const body: unknown = await c.req.json();
    const { reason, ...request } = caseOf.parse(body);
    return c.json(await rights.access(personQuery.parse(body), request, { by: c.get('caller').name, reason }));
  });
  api.post('/erase', async (c) => {
    const body: unknown = await c.req.json();
    const { reason, ...request } = caseOf.parse(body);
    return c.json(await rights.erase(personQuery.parse(body), request, { by: c.get('caller').name, reason }));
  });
  api.post('/erase/undo', async (c) => {
    const body: unknown = await c.req.json();
    const { reason, ...request } = caseOf.parse(body);
    const { record } = recordOf.parse(body);
    return c.json(await rights.undoErasure(record, request, { by: c.get('caller').name, reason }));
  });
  api.post('/receipts/:id/finish', async (c) => c.json(known(await rights.finishErasure(c.req.param('id')))));
  for (const right of ['restrict', 'object'] as const) {
    api.post(`/${right}`, async (c) => {
      const body: unknown = await c.req.json();
      const { reason, ...request } = caseOf.parse(body);
      const { record } = recordOf.parse(body);
      return c.json(await rights[right](record, request, { by: c.get('caller').name, reason }));
    });
  }
  api.post('/unrestrict', async (c) => {
    const body: unknown = await c.req.json();
    const { reason, ...request } = caseOf.parse(body);
    const { record } = recordOf.parse(body);
    const { held } = heldOf.parse(body);
    return c.json(await rights.unrestrict(record, held, request, { by: c.get('caller').name, reason }));
  });
  api.post('/receipts/:id/decide', async (c) => {
    const body: unknown = await c.req.json();
    const { reason, ...request } = caseOf.parse(body);
    const { decision } = decisionOf.parse(body);
    const actor = { by: c.get('caller').name, reason };
    return c.json(known(await rights.decide(c.req.param('id'), decision, request, actor)));
  });
  return api;
}
