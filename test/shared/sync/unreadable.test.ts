import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseChanges } from '../../../shared/record/index.ts';
import { acceptChanges, sweep } from '../../../shared/sync/index.ts';
import { TABLES } from '../../../shared/storage-names.ts';
import { createOperations } from '../../../shared/sync/index.ts';
import { command } from '../../cli/command.ts';
import { fileOf } from '../import/files.ts';
import { contactEvent, customerEvent, deletedEvent } from '../../kit/events.ts';
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

  it('is found behind an entry and a settled change too', async () => {
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

  it('refuses nobody else’s event, and one that happened after it was written takes its place', async () => {
    await world.send(customerEvent('C-1'));
    await spoil('pending|customer|C-1', { seen: CANARY });
    const parsed = parseChanges(
      [
        customerEvent('C-1', {}, { version: 2 }),
        customerEvent('C-2', { organizationNumber: null, companyName: 'Vest AS' }),
      ],
      new Date(world.now()),
    );
    if (!parsed.ok) throw new Error('bad events');
    expect(await acceptChanges(world.sync, parsed.changes, 'test')).toEqual([
      { status: 'failed', code: 'row.unreadable' },
      { status: 'queued' },
    ]);
    // Storage's clock says when the row was written: an hour from now is later.
    const later = new Date(Date.now() + 3_600_000).toISOString();
    world.advance(Date.parse(later) - world.now());
    expect(await world.send(customerEvent('C-1', {}, { version: 3, occurredAt: later }))).toMatchObject([
      { status: 'queued' },
    ]);
    await world.drain();
    expect(world.sandbox.rows()).toHaveLength(2);
  });

  it('of what is known of a record keeps its event for later, and says so', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await spoil('state|customer|C-1', { hashes: CANARY });
    const accepted = await world.send(customerEvent('C-1', { city: 'Stavern' }, { version: 2 }));
    expect(accepted).toMatchObject([{ status: 'failed', code: 'row.unreadable' }]);
    expect(await world.pending()).toHaveLength(1);
  });

  it('goes when the time of its values is over', async () => {
    await world.send(customerEvent('C-1'));
    await spoil('pending|customer|C-1', { seen: CANARY });
    await sweep(world.sync);
    expect(heartbeat()).toMatchObject({ unreadable: 1 });
    // By storage's clock, which says when the row was written.
    world.advance(Date.now() + 31 * 86_400_000 - world.now());
    await sweep(world.sync);
    expect(JSON.stringify(await world.rows())).not.toContain('pending|customer|C-1');
  });

  it('stays when it still says that it is a deletion', async () => {
    await world.send(deletedEvent('contact', 'P-1'));
    await spoil('pending|contact|P-1', { seen: CANARY });
    world.advance(Date.now() + 31 * 86_400_000 - world.now());
    await sweep(world.sync);
    expect(JSON.stringify(await world.rows())).toContain('pending|contact|P-1');
  });

  it('does not end what is done once a day', async () => {
    await world.send(customerEvent('C-1'));
    await world.drain();
    await spoil('state|customer|C-1', { hashes: CANARY });
    await sweep(world.sync);
    expect(world.lines.some((line) => line.includes('"event":"retention"'))).toBe(true);
  });
});
