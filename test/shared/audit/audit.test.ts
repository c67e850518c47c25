import { beforeEach, describe, expect, it } from 'vitest';
import { createAudit, type Audit } from '../../../shared/audit/index.ts';
import { createRows } from '../../../shared/store/index.ts';
import { connectStorage } from '../../../shared/storage.ts';
import { freshStorageAccount } from '../../kit/azurite.ts';

let audit: Audit;
let now: number;
beforeEach(async () => {
  now = Date.parse('2026-11-21T08:00:00.000Z');
  const storage = await connectStorage({ AzureWebJobsStorage: await freshStorageAccount() });
  audit = createAudit({ rows: createRows(storage.table('audit')), now: () => now });
});

const note = (reason: string, count = 1) =>
  audit.during({ by: 'Ola', action: 'failed.replay', selection: 'all', reason }, async () => {
    now += 1_000;
    return { value: 'done', count, results: { replayed: count } };
  });

describe('the audit list', () => {
  it('gives the newest first, over months', async () => {
    expect(await note('first')).toBe('done');
    await note('second');
    now += 40 * 86_400_000;
    await note('third', 3);
    const entries = await audit.list(10);
    expect(entries.map(({ reason }) => reason)).toEqual(['third', 'second', 'first']);
    expect(entries[0]).toMatchObject({ by: 'Ola', count: 3, results: { replayed: 3 } });
    expect(entries[0]?.endedAt).not.toBe('');
    expect(await audit.list(1)).toHaveLength(1);
  });

  it('shows work that did not come to its end', async () => {
    const fails = audit.during({ by: 'Ola', action: 'x', selection: '', reason: '' }, async () => {
      throw new Error('killed');
    });
    await expect(fails).rejects.toThrow('killed');
    expect(await audit.list(1)).toMatchObject([{ action: 'x', endedAt: '' }]);
  });

  it('forgets what is older than a year, and nothing else', async () => {
    await note('old');
    now = Date.parse('2027-11-20T08:00:00.000Z');
    await note('younger');
    expect(await audit.forget()).toBe(0);
    now = Date.parse('2027-11-22T08:00:00.000Z');
    expect(await audit.forget()).toBe(1);
    expect((await audit.list(10)).map(({ reason }) => reason)).toEqual(['younger']);
  });
});
