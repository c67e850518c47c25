import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Environment } from '../shared/settings.ts';

/** What names a system or an account: where any of it is set, the settings are somebody's own. */
const OWN = /^(?:AzureWebJobsStorage(?:__.*)?|NXT_COMPANY_NO|KEY_VAULT_URL|VISMA_CLIENT_ID)$/;

/**
 * Beside a running `npm start` the command line works on its sandbox, as nothing else is set: `npm start` leaves its
 * settings, which open nothing but this machine, in `.local/start.json` while it runs.
 */
export function besideNpmStart(folder: string, environment: Environment): Environment {
  const isOwn = Object.entries(environment).some(
    ([name, value]) => OWN.test(name) && value !== undefined && value !== '',
  );
  if (isOwn) return environment;
  const running = read(path.join(folder, '.local/start.json'));
  return running ? { ...environment, ...running } : environment;
}

function read(file: string): Environment | null {
  try {
    const left: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof left !== 'object' || left === null || !('pid' in left) || !('environment' in left)) return null;
    const { pid, environment } = left;
    if (typeof pid !== 'number' || typeof environment !== 'object' || environment === null) return null;
    process.kill(pid, 0);
    return Object.fromEntries(Object.entries(environment).map(([name, value]) => [name, String(value)]));
  } catch {
    // No npm start runs here, or it was killed and left the file behind.
    return null;
  }
}
