import { beforeEach, describe, expect, it } from 'vitest';
import type { Queues } from '../../../shared/queues/index.ts';
import { QUEUES } from '../../../shared/storage-names.ts';
import { contact, customer } from '../../kit/world.ts';
import { PLACES } from '../store/places.ts';

describe.each(PLACES)('the queues: %s', (_name, start) => {
  let queues: Queues;
  let messages: (queue: string) => Promise<readonly string[]>;
  beforeEach(async () => {
    ({ queues, messages } = await start());
  });

  it('hold identifiers only, and show a delayed message later', async () => {
    await queues.sendChange(customer('C-1'));
    await queues.sendChange(customer('C-2'), 600);
    await queues.sendWriteBack(contact('P-1'));
    expect(await messages(QUEUES.changes)).toEqual(['{"kind":"customer","crmId":"C-1"}']);
    expect(await messages(QUEUES.writeBacks)).toEqual(['{"kind":"contact","crmId":"P-1"}']);
    expect(await queues.depths()).toEqual({
      'crm-changes': 2,
      'crm-changes-poison': 0,
      'crm-writebacks': 1,
      'crm-writebacks-poison': 0,
    });
    expect(await queues.changesDepth()).toBe(2);
  });

  it('give a pointer to one who asks, and back to all when it is returned', async () => {
    const sent = await queues.sendPointer(customer('C-1'), 'erp.row-refused');
    const [received] = await queues.receivePointers(300);
    expect(received).toMatchObject({
      id: sent.id,
      pointer: { kind: 'customer', crmId: 'C-1', code: 'erp.row-refused' },
    });
    expect(await queues.receivePointers(300)).toEqual([]);
    if (!received) throw new Error('no pointer');
    // The sender's receipt is over since another took it.
    expect(await queues.deletePointer(sent)).toBe(false);
    const returned = await queues.returnPointer(received);
    expect(await queues.returnPointer(received)).toBeNull();
    expect(await messages(QUEUES.changesPoison)).toHaveLength(1);
    if (!returned) throw new Error('not returned');
    expect(await queues.deletePointer(returned)).toBe(true);
    expect(await queues.deletePointer(returned)).toBe(false);
    expect((await queues.depths())[QUEUES.changesPoison]).toBe(0);
  });
});
