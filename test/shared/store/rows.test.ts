import { beforeAll, describe, expect, it } from 'vitest';
import type { Rows } from '../../../shared/store/index.ts';
import { PLACES } from './places.ts';

const at = (rowKey: string, partitionKey = 'p') => ({ partitionKey, rowKey });

describe.each(PLACES)('a table: %s', (_name, start) => {
  let rows: Rows;
  beforeAll(async () => {
    rows = (await start()).table('records');
  });
  const read = async (rowKey: string) =>
    (await rows.get(at(rowKey), (entity) => ({ etag: entity.etag, row: entity })))?.row;
  const insert = async (rowKey: string, row: Record<string, unknown> = { n: 1 }): Promise<string> => {
    const etag = await rows.insert(at(rowKey), row);
    if (etag === 'conflict') throw new Error('it is there already');
    return etag;
  };
  const keys = async (from: string, to: string): Promise<readonly unknown[]> => {
    const found: unknown[] = [];
    for await (const { rowKey } of rows.range('p', from, to)) found.push(rowKey);
    return found;
  };

  it('gives back what was written, with its etag and without what had no value', async () => {
    expect(await read('a')).toBeUndefined();
    const etag = await insert('a', { text: 'æ', n: 7, is: true, nothing: undefined, none: null });
    const found = await read('a');
    expect(found).toMatchObject({ partitionKey: 'p', rowKey: 'a', text: 'æ', n: 7, is: true, etag });
    expect([found?.['nothing'] ?? null, found?.['none'] ?? null]).toEqual([null, null]);
  });

  it('inserts once, replaces whole and merges columns', async () => {
    const first = await insert('b', { one: 1, two: 2 });
    expect(await rows.insert(at('b'), { one: 9 })).toBe('conflict');
    const second = await rows.merge(at('b'), { two: 3 }, first);
    expect(await read('b')).toMatchObject({ one: 1, two: 3 });
    const third = await rows.replace(at('b'), { three: 3 }, second);
    expect(new Set([first, second, third]).size).toBe(3);
    expect(await read('b')).toMatchObject({ three: 3 });
    expect((await read('b'))?.['one'] ?? null).toBeNull();
  });

  it('refuses whoever comes with an etag that is over, or to a row that is gone', async () => {
    const first = await insert('c');
    await rows.merge(at('c'), { n: 2 }, first);
    expect(await rows.replace(at('c'), {}, first)).toBe('conflict');
    expect(await rows.merge(at('c'), {}, first)).toBe('conflict');
    expect(await rows.remove(at('c'), first)).toBe('conflict');
    expect(await read('c')).toMatchObject({ n: 2 });
    expect(await rows.remove(at('c'))).toBe('done');
    expect(await rows.remove(at('c'), first)).toBe('done');
    expect(await rows.replace(at('c'), {}, first)).toBe('conflict');
    expect(await rows.merge(at('c'), {}, first)).toBe('conflict');
  });

  it('saves all steps or none', async () => {
    const kept = await insert('d-1');
    await insert('d-2');
    const steps = (etag: string) =>
      [
        { do: 'replace', at: at('d-1'), row: { n: 2 }, etag },
        { do: 'put', at: at('d-3'), row: { n: 3 } },
        { do: 'delete', at: at('d-2') },
      ] as const;
    expect(await rows.save(steps('W/"nobody"'))).toBe('conflict');
    expect(await keys('d', 'd~')).toEqual(['d-1', 'd-2']);
    expect(await rows.save(steps(kept))).toBe('done');
    expect(await keys('d', 'd~')).toEqual(['d-1', 'd-3']);
    expect(
      await rows.save([
        { do: 'put', at: at('d-4'), row: {} },
        { do: 'delete', at: at('d-2') },
      ]),
    ).toBe('conflict');
    expect(await read('d-4')).toBeUndefined();
  });

  it('puts a row over another, whole or leaving what it does not name', async () => {
    await insert('f-1', { one: 1, two: 2 });
    await insert('f-2', { one: 1, two: 2 });
    await rows.save([
      { do: 'put', at: at('f-1'), row: { two: 3 } },
      { do: 'put-merge', at: at('f-2'), row: { two: 3 } },
      { do: 'put-merge', at: at('f-3'), row: { two: 3 } },
    ]);
    const found = await Promise.all(['f-1', 'f-2', 'f-3'].map(read));
    expect(found.map((row) => [row?.['one'] ?? null, row?.['two']])).toEqual([
      [null, 3],
      [1, 3],
      [null, 3],
    ]);
  });

  it('deletes a row in a save only if it is still that one, whatever its key', async () => {
    for (const key of ['e|C-1', "e|æ 'x' &=(1)", 'e|C:1@~']) {
      const first = await insert(key);
      const second = await rows.merge(at(key), { n: 2 }, first);
      const other = { do: 'put', at: at('e-other'), row: { key } } as const;
      expect(await rows.save([other, { do: 'delete', at: at(key), etag: first }])).toBe('conflict');
      expect(await read(key)).toMatchObject({ n: 2 });
      expect(await rows.save([other, { do: 'delete', at: at(key), etag: second }])).toBe('done');
      expect(await read(key)).toBeUndefined();
    }
  });

  it('lists a range in key order, without its end and without other partitions', async () => {
    for (const key of ['r|b', 'r|a', 'r|B', 'r~', 's']) await insert(key);
    await rows.insert(at('r|c', 'q'), {});
    expect(await keys('r|', 'r|~')).toEqual(['r|B', 'r|a', 'r|b']);
    const selected: unknown[] = [];
    for await (const row of rows.range('p', 'r|a', 'r|b', { select: ['none'] })) selected.push(row['n'] ?? null);
    expect(selected).toEqual([null]);
  });
});
