import type { HttpResponseInit } from '@azure/functions';
import { readHealth } from '../../shared/health.ts';
import { ownEngine } from '../../shared/engine.ts';
import { SettingsError } from '../../shared/settings.ts';

export async function handle(): Promise<HttpResponseInit> {
  const running = await ownEngine();
  const health = running instanceof SettingsError ? 'unconfigured' : await readHealth(running);
  return {
    status: health === 'ok' ? 200 : 503,
    headers: { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' },
    body: health,
  };
}
