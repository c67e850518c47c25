import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, startWorld, type World } from '../../kit/world.ts';
import { openSite, principal, type Site } from './site.ts';

let world: World;
let site: Site;
beforeEach(async () => {
  world = await startWorld();
  await world.send(customerEvent('C-1'), contactEvent('P-1', { relatedCustomerCrmId: 'C-1' }));
  await world.drain();
  world.advance(10_000);
  site = openSite(world);
});
afterEach(() => world.stop());

const inErp = () => world.sandbox.rows().some(({ name }) => name === 'Kari Nordmann');
const person = (act: string, more: Readonly<Record<string, string>> = {}) =>
  site.post('/privacy/person', { by: 'email', text: 'kari@example.no', requester: 'person', act, ...more });
const api = (path: string, body: object) =>
  site.send(`/api/ops/v1/privacy${path}`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-ms-client-principal': principal(),
      origin: 'https://func.example',
      'sec-fetch-site': 'same-origin',
    },
    body: JSON.stringify(body),
  });

describe('the privacy view', () => {
  it('gives a person’s copy once, with a receipt, and keeps nothing of it', async () => {
    const page = await (await person('access')).text();
    expect(page).toContain('Kari Nordmann');
    expect(page).toContain('Access to personal data');
    expect(await site.get('/privacy')).not.toContain('Nordmann');
    expect(await site.get('/privacy')).toContain('contact:P-1');
  });

  it('says whom an erasure concerns before it is confirmed', async () => {
    const asked = await (await person('erase')).text();
    expect(asked).toContain('1 records of the CRM');
    expect(inErp()).toBe(true);
    expect(await (await person('erase', { confirmed: 'yes' })).text()).toContain('Erasure (article 17)');
    expect(inErp()).toBe(false);
  });

  it('records an objection and its decision', async () => {
    const page = await (await site.post('/privacy/record', { record: 'contact:P-1', act: 'object' })).text();
    const [, id = ''] = /receipt\/([^/"]+)\/decide/.exec(page) ?? [];
    expect(await world.sync.restrictions.holds(contact('P-1'))).toBe(true);
    const decided = await (await site.post(`/privacy/receipt/${id}/decide`, { act: 'rejected' })).text();
    expect(decided).toContain('The objection is rejected');
    expect(await world.sync.restrictions.holds(contact('P-1'))).toBe(false);
  });

  it('says what does not fit, and does nothing', async () => {
    const answer = await person('erase', { by: 'actor-number', text: 'not a number', confirmed: 'yes' });
    expect(answer.status).toBe(400);
    expect(await answer.text()).toContain('The fields do not fit');
    expect(inErp()).toBe(true);
  });

  it('lets a reader look and not act', async () => {
    const reader = openSite(world, { who: { roles: ['reader'] } });
    const page = await reader.get('/privacy', 'nb');
    expect(page).toContain('Ingen henvendelser ennå');
    expect(page).not.toContain('action="/api/ops/privacy');
    expect((await reader.post('/privacy/person', { by: 'record', text: 'P-1', act: 'access' })).status).toBe(403);
  });
});

describe('its API', () => {
  it('does the same for scripts', async () => {
    const access = (await (await api('/access', { by: 'record', text: 'contact:P-1' })).json()) as {
      answer: { heldInErp: readonly object[] };
    };
    expect(access.answer.heldInErp).toHaveLength(1);
    expect((await api('/restrict', { record: 'contact:P-1' })).status).toBe(200);
    expect((await api('/unrestrict', { record: 'contact:P-1', held: 'drop' })).status).toBe(200);
    expect(await (await api('/erase', { by: 'record', text: 'contact:P-1' })).json()).toMatchObject({ underWay: [] });
    expect(inErp()).toBe(false);
    expect((await api('/erase', { by: 'record', text: 'customer:C-1' })).status).toBe(400);
    expect((await api('/receipts/none/finish', {})).status).toBe(404);
  });
});
