import { afterEach, beforeEach, expect, it } from 'vitest';
import { emptyFailed } from '../../../shared/store/index.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';
import { openSite } from './site.ts';

/** Values that stand nowhere else; one for every personal field. */
const CANARY = /zwitscher|quaxolin|piepmatz|4738291|\+4740404|zirp@/i;
const PAGES = [
  '',
  '/live',
  '/needs',
  '/needs/match.conflict',
  '/find',
  '/which',
  '/planned',
  '/differences',
  '/privacy',
  '/audit',
  '/record/customer/C-1',
  '/record/customer/C-2',
  '/record/contact/P-1',
  '/record/contact/P-2',
  '/v1/status',
  '/v1/failures',
  '/v1/waiting',
  '/v1/planned',
  '/v1/audit',
  '/v1/privacy/report',
  '/v1/privacy/receipts',
  '/v1/records/customer/C-2',
  '/v1/records/contact/P-2',
];

let world: World;
beforeEach(async () => {
  world = await startWorld();
  const company = { companyName: 'Zwitscher AS', address: 'Quaxolinveien 1', postalCode: '4738291', city: 'Piepmatz' };
  const person = { name: 'Zirpa Zwitscher', emailAddress: 'zirp@quaxolin.no', phoneNumber: '+47 40 40 41 42' };
  await world.send(
    customerEvent('C-1', company),
    contactEvent('P-1', { relatedCustomerCrmId: 'C-1', ...person }),
    // One that needs a person, one that waits, one that has just come.
    customerEvent('C-2', { ...company, actorNumber: 999_999 }),
    contactEvent('P-2', { relatedCustomerCrmId: 'C-none', ...person }),
  );
  for (const ref of [customer('C-1'), contact('P-1'), customer('C-2'), contact('P-2')]) await world.apply(ref);
  await world.send(customerEvent('C-1', { ...company, city: 'Piepmatzby' }, { version: 2 }));
});
afterEach(() => world.stop());

async function leaks(): Promise<readonly string[]> {
  const site = openSite(world);
  const found: string[] = [];
  for (const page of PAGES)
    for (const language of ['nb', 'en']) if (CANARY.test(await site.get(page, language))) found.push(page);
  return found;
}

it('no page and no list of the API shows a value that nobody asked for', async () => {
  expect((await world.failures()).length).toBeGreaterThan(0);
  expect(await leaks()).toEqual([]);
});

it('a value that stands where it may not is found on the pages', async () => {
  const now = new Date(world.now()).toISOString();
  const failed = { ...emptyFailed, ref: contact('P-1'), code: 'erp.row-refused', since: now, lastAt: now };
  await world.sync.ledger.writeFailed({ ...failed, detail: 'Zwitscher' });
  expect(await leaks()).not.toEqual([]);
});
