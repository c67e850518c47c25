import { expect, it } from 'vitest';
import type { Rows } from '../../../shared/store/index.ts';
import { createHashKey } from '../../../shared/sync/index.ts';

const KEY = Buffer.alloc(32, 7).toString('base64');

function keyOf(given: string | null, hasVault: boolean) {
  const kept = new Map<string, string>();
  const control: Pick<Rows, 'get' | 'insert'> = {
    get: async (at, parse) => {
      const key = kept.get(at.rowKey);
      return key === undefined ? null : parse({ etag: 'e', timestamp: '', key });
    },
    insert: async (at, row) => {
      if (!kept.has(at.rowKey)) kept.set(at.rowKey, String(row['key']));
      return 'conflict';
    },
  };
  const secrets = {
    find: async () => given,
    get: async () => Promise.reject(new Error('there is none')),
  };
  return () => createHashKey({ secrets, hasVault, control })();
}

it('the key of the vault is used as it is', async () => {
  expect((await keyOf(KEY, true)()).export().toString('base64')).toBe(KEY);
});

it('a key that is too short to protect anything stops the flow, and is not quoted', async () => {
  const failing = keyOf('changeme', true)();
  await expect(failing).rejects.toMatchObject({ code: 'settings.invalid', decision: 'configuration' });
  await expect(failing).rejects.not.toThrow(/changeme/);
});

it('where there is a vault, none is made up', async () => {
  await expect(keyOf(null, true)()).rejects.toThrow('there is none');
});

it('without a vault it is made once, for all processes', async () => {
  const key = keyOf(null, false);
  const [one, other] = [await key(), await key()];
  expect(one.symmetricKeySize).toBe(32);
  expect(other.equals(one)).toBe(true);
});
