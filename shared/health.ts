import { Failure } from './failure.ts';
import { LimitError, withLimit } from './limit.ts';
import type { Engine } from './engine.ts';
import { isStorageFault } from './storage.ts';

/** One word, for a monitor: nothing that helps an attacker. The reason is in the log and in `sync status`. */
export type Health = 'ok' | 'unconfigured' | 'degraded';

/** A monitor, or a flood, costs one look at storage in so many milliseconds. */
const CACHE_MS = 500;
const ANSWER_MS = 3_500;

let cached: { readonly health: Promise<Health>; readonly until: number } | null = null;

export type HealthDeps = Pick<Engine, 'sync' | 'secrets' | 'source'> & {
  readonly writeBack: Pick<Engine['writeBack'], 'flow'>;
};

export function readHealth(running: HealthDeps): Promise<Health> {
  if (cached && cached.until > Date.now()) return cached.health;
  cached = { health: lookInTime(running), until: Date.now() + CACHE_MS };
  return cached.health;
}

async function lookInTime(running: HealthDeps): Promise<Health> {
  try {
    return await withLimit(ANSWER_MS, () => look(running));
  } catch (error) {
    // Whatever hangs, a monitor hears of it before it gives up.
    if (error instanceof LimitError) return 'degraded';
    throw error;
  }
}

async function look({ sync, secrets, source, writeBack }: HealthDeps): Promise<Health> {
  try {
    const secret = await secrets.find('crm-webhook-secret');
    // None that could ever match is as good as none.
    if (source.secretsIn(secret).length === 0) return 'unconfigured';
    // Asked anew: a row that is remembered says nothing about storage.
    const status = await sync.flow.status('fresh');
    if (status.is === 'stopped') return status.code === 'secrets.missing' ? 'unconfigured' : 'degraded';
    return (await writeBack.flow.status()).is === 'stopped' ? 'degraded' : 'ok';
  } catch (error) {
    if (error instanceof Failure || isStorageFault(error)) return 'degraded';
    throw error;
  }
}
