import { inspect } from 'node:util';
import type { World } from './world.ts';
import { contactEvent, customerEvent } from './events.ts';

/** Values that occur nowhere else, planted in every personal field. */
export const COMPANY = {
  companyName: 'Kanarifugl Zzyzx AS',
  address: 'Kvitterveien 73b',
  postalCode: '0417',
  city: 'Fugledal',
};
export const PERSON = {
  name: 'Sølvi Kanarifjær',
  emailAddress: 'solvi.kanari@zzyzx.no',
  phoneNumber: '+47 411 73 737',
};
/** In any spelling that a log, a URL or JSON may give them. */
export const CANARY = /kanari|zzyzx|kvitter|fugledal|s(ø|\\u00f8|%C3%B8)lvi|solvi|411(?: |%20|\+)?73(?: |%20|\+)?737/i;

export const company = (version = 1, more: object = {}, crmId = 'C-1') =>
  customerEvent(crmId, { ...COMPANY, ...more }, { version });
export const person = (version = 1, more: object = {}, crmId = 'P-1') =>
  contactEvent(crmId, { relatedCustomerCrmId: 'C-1', ...PERSON, ...more }, { version });

/** What this program leaves anywhere but in the ERP; `body` of an unapplied change is the one place for values. */
export async function traces(world: World, others: readonly unknown[] = []): Promise<string> {
  const rows = (await world.rows()).map(({ body: _body, ...rest }) => rest);
  const said = others.map((each) => (typeof each === 'string' ? each : inspect(each, { depth: 8 })));
  return JSON.stringify([await world.everyMessage(), rows, world.lines, world.addresses, said]);
}

/** The values of changes that are not applied yet. */
export const bodies = async (world: World): Promise<string> =>
  (await world.rows()).map(({ body }) => (typeof body === 'string' ? body : '')).join('');
