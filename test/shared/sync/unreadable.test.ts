import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sweep } from '../../../shared/sync/index.ts';
import { TABLES } from '../../../shared/storage-names.ts';
import { createOperations } from '../../../shared/sync/index.ts';
import { command } from '../../cli/command.ts';
import { fileOf } from '../import/files.ts';
import { contactEvent, customerEvent } from '../../kit/events.ts';
import { contact, customer, startWorld, type World } from '../../kit/world.ts';

const CANARY = 'kari.canary@example.no';

let world: World;
beforeEach(async () => {
  world = await startWorld({ storage: 'azurite' });
});
afterEach(() => world.stop());

/** As a newer version of the program, or a hand, might have left it. */
async function spoil(rowKey: string, columns: Readonly<Record<string, string>>): Promise<void> {
  const table = world.azurite().table(TABLES.records);
  for await (const { partitionKey = '', rowKey: found = '' } of table.listEntities()) {
    if (found !== rowKey) continue;
    await table.updateEntity({ partitionKey, rowKey, ...columns }, 'Merge');
    return;
  }
  throw new Error(`no row ${rowKey}`);
}

const heartbeat = (): unknown => JSON.parse(world.lines.findLast((line) => line.includes('"heartbeat"')) ?? '');

describe('a row that cannot be read', () => {
  it('does not keep the sweep from the others, and is counted', async () => {
    await world.send(customerEvent('C-1'), customerEvent('C-2'));
    await spoil('pending|customer|C-1', { seen: CANARY });
    world.advance(10 * 60_000);
    expect(await sweep(world.sync)).toMatchObject({ fed: 1, pending: 1 });
    expect(heartbeat()).toMatchObject({ unreadable: 1 });
    expect(world.lines.join('\n')).not.toContain(CANARY);
    expect(await createOperations(world.engine).status()).toMatchObject({
      unreadable: 1,
      pending: 1,
      needsPerson: true,
    });
  });

  it('is found behind a debt and a settled change too', async () => {
    await world.send(contactEvent('P-1', { relatedCustomerCrmId: 'C-1', name: '' }), customerEvent('C-2'));
    await world.apply(contact('P-1'));
    expect(await world.failures()).toHaveLength(1);
    await spoil('failed|contact|P-1', { candidates: CANARY });
    world.advance(10 * 60_000);
    expect(await sweep(world.sync)).toMatchObject({ fed: 1 });
    expect(heartbeat()).toMatchObject({ unreadable: 2 });
    expect(world.lines.join('\n')).not.toContain(CANARY);
  });

  it('is a row of an import that was not taken; the others are', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await spoil('state|customer|C-1', { hashes: CANARY });
    const file = fileOf('crmId;companyName\nC-1;Port AS\nC-2;Vest AS\n');
    const { code, out } = await command(world, 'import', file, '--apply', '--exported-at', '2026-11-19T08:00:00Z');
    expect(out).toMatch(/customers\.csv:2 +C-1 +unreadable/);
    expect(out).toMatch(/1 +created/);
    expect(code).toBe(1);
  });

  it('is the outcome of its record, which does not go to the poison queue', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await world.send(customerEvent('C-1', { city: 'Stavern' }, { version: 2 }));
    await spoil('state|customer|C-1', { hashes: CANARY });
    expect(await world.apply(customer('C-1'))).toEqual({ outcome: 'unreadable', detail: 'state|customer|C-1' });
  });

  it('does not end what is done once a day', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await spoil('state|customer|C-1', { hashes: CANARY });
    await sweep(world.sync);
    expect(world.lines.some((line) => line.includes('"event":"retention"'))).toBe(true);
  });
});
