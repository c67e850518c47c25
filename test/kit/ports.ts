import { systemClock } from '../../shared/erp/index.ts';
import { fetchNow, type Ports } from '../../shared/ports.ts';
import type { Environment } from '../../shared/settings.ts';
import { standard } from '../../shared/sources/standard/index.ts';
import { adapterSettingsOf } from '../shared/sources/adapter.ts';
import { MemoryStorage } from './memory-storage.ts';
import { createLocalGate } from './local-gate.ts';

/** Ports of an engine whose storage is in memory and whose ERP and CRM are wherever its settings say. */
export function memoryPorts(environment: Environment, given: Partial<Ports> = {}): Ports {
  const now = given.now ?? Date.now;
  return {
    ...new MemoryStorage(now).ports(),
    // The budget that instances share has tests of its own; elsewhere its pace would only be waited for.
    gate: createLocalGate({ requestsPerMinute: 60_000, inProgress: 50, clock: systemClock }),
    environment,
    vault: () => Promise.reject(new Error('no vault in this test')),
    erpFetch: fetchNow,
    crmFetch: fetchNow,
    source: given.source ?? standard(adapterSettingsOf(environment)),
    crmGate: () => createLocalGate({ requestsPerMinute: 60_000, inProgress: 50, clock: given.clock ?? systemClock }),
    now,
    clock: systemClock,
    random: Math.random,
    log: () => undefined,
    ...given,
  };
}
