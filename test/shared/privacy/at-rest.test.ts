import { expect, it } from 'vitest';
import { sweep } from '../../../shared/sync/index.ts';
import { organizationNumber } from '../../bench/support/records.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { startWorld } from '../../kit/world.ts';

const CUSTOMERS = 200;
const CONTACTS = 300;
const two = (n: number) => String(n).padStart(3, '0');
const firm = (n: number, version: number) =>
  customerEvent(
    `C-${n}`,
    {
      organizationNumber: organizationNumber(n),
      companyName: `Kanari${two(n)} Zzyzx AS`,
      address: `Kvitterveien ${two(n)}v${version}`,
      postalCode: '0417',
      city: 'Fugledal',
    },
    { version },
  );
const human = (n: number, version: number) =>
  contactEvent(
    `P-${n}`,
    {
      relatedCustomerCrmId: `C-${n % CUSTOMERS}`,
      name: `Solvi${two(n)} Kanarifjær`,
      emailAddress: `solvi${two(n)}@zzyzx.no`,
      phoneNumber: `+47 41${version} 73 ${two(n)}`,
    },
    { version },
  );
/** Every value above, in whatever column or message; what a random id ends with is no value. */
const VALUES = /kanari|zzyzx|kvitter|fugledal|solvi|(?<![\w-])0417\b|\+4741\d73/i;

it('after 1,000 changes in sync, tables and queues hold no personal value at all', async () => {
  const world = await startWorld();
  try {
    const all = (version: number) => [
      ...Array.from({ length: CUSTOMERS }, (_, n) => firm(n, version)),
      ...Array.from({ length: CONTACTS }, (_, n) => human(n, version)),
    ];
    const raw = async () => JSON.stringify([await world.rows(), await world.everyMessage(), world.lines]);
    for (const version of [1, 2]) {
      await world.send(...all(version));
      expect(await raw()).toMatch(VALUES);
      await world.drain();
      world.advance(60_000);
    }
    await sweep(world.sync);
    expect(await world.failures()).toEqual([]);
    const rows = world.sandbox.rows();
    expect(rows).toHaveLength(CUSTOMERS + CONTACTS);
    expect(rows.filter(({ addressLine1 }) => addressLine1.endsWith('v2'))).toHaveLength(CUSTOMERS);
    expect(await raw()).not.toMatch(VALUES);
  } finally {
    await world.stop();
  }
});
