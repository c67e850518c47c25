import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startNxtSandbox, type NxtSandbox } from '../../local/nxt/index.ts';
import { createEngine, type Engine } from '../../shared/engine.ts';
import { parseChanges } from '../../shared/record/index.ts';
import { readSettings } from '../../shared/settings.ts';
import { acceptChanges, applyChange, sweep } from '../../shared/sync/index.ts';
import { listFailures } from '../../shared/sync/operate/failures.ts';
import { customerEvent } from '../kit/events.ts';
import { MemoryStorage } from '../kit/memory-storage.ts';
import { memoryPorts } from '../kit/ports.ts';
import { customer } from '../kit/world.ts';

const MINUTE_MS = 60_000;
const SECRETS: Readonly<Record<string, string>> = {
  'crm-webhook-secret': 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
  'visma-client-secret': 'sandbox-secret',
  'hash-key': Buffer.alloc(32, 7).toString('base64'),
};

/** What the vault does with a request: it never answers, it breaks, or it is well. */
type VaultState = 'well' | 'hangs' | 'breaks';

let sandbox: NxtSandbox;
beforeEach(async () => {
  sandbox = await startNxtSandbox();
});
afterEach(() => sandbox.stop());

interface Site {
  readonly engine: Engine;
  state: VaultState;
  advance(minutes: number): void;
}

function open(): Site {
  let time = Date.UTC(2026, 10, 21, 8);
  const now = () => time;
  const environment = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    KEY_VAULT_URL: 'https://secrets.vault.azure.net',
    VISMA_TOKEN_URL: sandbox.tokenUrl,
    NXT_GRAPHQL_URL: sandbox.graphqlUrl,
    NXT_COMPANY_NO: String(sandbox.companyNo),
  };
  const site: Omit<Site, 'engine'> = {
    state: 'well',
    advance: (minutes) => void (time += minutes * MINUTE_MS),
  };
  const vault = async () => ({
    async getSecret(name: string) {
      if (site.state === 'hangs') return new Promise<never>(() => undefined);
      if (site.state === 'breaks') throw Object.assign(new Error('no way there'), { code: 'ECONNRESET' });
      const value = name === 'visma-client-id' ? sandbox.clientId : (SECRETS[name] ?? '');
      return { name, value, properties: { name, vaultUrl: environment.KEY_VAULT_URL } };
    },
  });
  const ports = memoryPorts(environment, { ...new MemoryStorage(now).ports(), vault, now });
  return Object.assign(site, { engine: createEngine(readSettings(environment), ports) });
}

describe('a vault that hangs or breaks after it was well', () => {
  it('holds up no change for the hour in which what is known may be used', async () => {
    // All of it stays within the hour: a call that hangs is given up after seconds of real time, which pass elsewhere.
    const spell = fc.record({
      state: fc.constantFrom<VaultState>('hangs', 'breaks'),
      changes: fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 3 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(spell, { minLength: 1, maxLength: 3 }), async (spells) => {
        const site = open();
        const { sync, secrets } = site.engine;
        let version = 0;
        const change = async (): Promise<string> => {
          version += 1;
          const at = new Date(sync.now() - MINUTE_MS).toISOString();
          const event = customerEvent('C-1', { address: `Gata ${version}` }, { version, occurredAt: at });
          const parsed = parseChanges([event], new Date(sync.now()));
          if (!parsed.ok) throw new Error('bad event');
          await acceptChanges(sync, parsed.changes, 'test');
          return (await applyChange(sync, customer('C-1'))).outcome;
        };
        for (const name of Object.keys(SECRETS)) await secrets.find(name as 'hash-key');
        await change();
        for (const { state, changes } of spells) {
          site.state = state;
          for (const minutes of changes) {
            site.advance(minutes);
            expect(await secrets.find('crm-webhook-secret')).not.toBeNull();
            expect(['created', 'linked', 'updated']).toContain(await change());
          }
          site.state = 'well';
          site.advance(6);
          expect(await change()).toBe('updated');
        }
        await sweep(sync);
        expect(await listFailures(sync)).toEqual([]);
        expect(sandbox.rows().some(({ addressLine1 }) => addressLine1 === `Gata ${version}`)).toBe(true);
      }),
      { numRuns: 8 },
    );
  });
});
