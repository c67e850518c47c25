import { contactEvent, customerEvent } from '../kit/events.ts';
import { createOperations } from '../../shared/sync/index.ts';
import { customer, startWorld, type World } from '../kit/world.ts';

/** Nine digits with their control digit, the n-th of its row; null where that digit would be ten. */
function organizationNumber(n: number): string | null {
  const digits = String(80_000_000 + n).padStart(8, '0');
  const weights = [3, 2, 7, 6, 5, 4, 3, 2];
  const rest = weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0) % 11;
  const control = rest === 0 ? 0 : 11 - rest;
  return control === 10 ? null : `${digits}${control}`;
}

const NUMBERS: readonly string[] = Array.from({ length: 60 }, (_, n) => organizationNumber(n)).filter(
  (each) => each !== null,
);

/** What is missing in NXT: its organisation number, as somebody would type it. */
export const MISSING = { crmId: 'C-9001', name: 'Savnet Skipsverft AS', number: '974 760 673' };

/**
 * A bad morning: one customer whom the ERP refused, and so many of which nobody but a person can say which of two rows
 * they are.
 */
export async function badMorning(ambiguous: number): Promise<World> {
  const rows = NUMBERS.slice(0, ambiguous).flatMap((companyNo, n) =>
    ['Nord', 'Sør'].map((part, at) => ({
      associateNo: 100 + n * 2 + at,
      customerNo: 20_000 + n * 2 + at,
      companyNo,
      name: `Kjede ${n + 1} ${part} AS`,
      postCode: '3270',
      postalArea: 'Larvik',
    })),
  );
  const world = await startWorld({ sandbox: { rows } });
  world.sandbox.faults.add({ do: 'row-error', on: 'any', nameContains: MISSING.name });
  await world.send(
    customerEvent(MISSING.crmId, { companyName: MISSING.name, organizationNumber: MISSING.number }),
    ...NUMBERS.slice(0, ambiguous).map((number, n) =>
      customerEvent(`C-${n + 1}`, { companyName: `Kjede ${n + 1} AS`, organizationNumber: number }),
    ),
  );
  await world.drain();
  return world;
}

/**
 * Accounting corrected an address, and doubled a customer by hand; of two fields the CRM has another value, too. Somebody
 * has compared both systems since.
 */
export async function correctInErp(world: World): Promise<void> {
  const data = { companyName: 'Rettet AS', organizationNumber: null, address: 'Gate 1', city: 'Larvik' };
  await world.send(customerEvent('C-8001', data), customerEvent('C-8002', { ...data, companyName: 'Uenig AS' }));
  await world.drain();
  const noOf = async (id: string) => (await world.state(customer(id)))?.associateNo ?? 0;
  world.sandbox.edit(await noOf('C-8001'), { postalArea: 'Tjøme' });
  world.sandbox.edit(await noOf('C-8002'), { addressLine1: 'Storgata 5', postalArea: 'Horten' });
  const row = { name: 'Dobbel AS', postCode: '3270', postalArea: 'Larvik' };
  world.sandbox.seed([
    { ...row, associateNo: 7_000, customerNo: 27_000 },
    { ...row, associateNo: 7_001, customerNo: 27_001 },
  ]);
  const newer = { ...data, companyName: 'Uenig AS', address: 'Havnegata 1', city: 'Moss' };
  await world.send(customerEvent('C-8002', newer, { version: 2 }));
  await world.drain();
  await createOperations(world.engine).reconcile({ by: 'kari@example.no', reason: 'month end' });
}

/** Plan mode: a customer found by its number, a new one, and a contact that would wait for it. */
export async function planMode(): Promise<World> {
  const [one = ''] = NUMBERS;
  const place = { postCode: '3270', postalArea: 'Larvik' };
  const rows = [{ ...place, associateNo: 100, customerNo: 20_000, companyNo: one, name: 'Kjede 1 AS' }];
  const world = await startWorld({ settings: { SYNC_MODE: 'plan' }, sandbox: { rows } });
  await world.send(
    customerEvent('C-1', { companyName: 'Kjede 1 AS', organizationNumber: one, city: 'Tjøme' }),
    customerEvent('C-3', { companyName: 'Savnet Skipsverft AS', organizationNumber: null }),
    contactEvent('P-1', { relatedCustomerCrmId: 'C-3' }),
  );
  await world.drain();
  return world;
}
