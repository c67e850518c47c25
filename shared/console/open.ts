import type { Environment } from '../settings.ts';
import type { Engine } from '../engine.ts';
import { readInUse } from '../erp/index.ts';
import { createRights } from '../rights/index.ts';
import { soon } from '../secrets/index.ts';
import { createOperations } from '../sync/index.ts';
import { createAssets } from './assets.ts';
import { createConsole, type ConsoleDeps, type Door } from './console.ts';
import { createFormTokens } from './form-token.ts';

type Needed = Pick<Engine, 'sync' | 'writeBack' | 'control' | 'pulse' | 'settings' | 'expiries' | 'crm'>;

/** The console on an engine. `folder` has the style sheet and the script. */
export function openConsole(
  engine: Needed,
  options: { readonly environment: Environment; readonly folder: string; readonly onBug: ConsoleDeps['onBug'] },
): (request: Request, door: Door) => Promise<Response> {
  const { sync, pulse, settings } = engine;
  const { environment, folder, onBug } = options;
  return createConsole({
    operations: createOperations(engine),
    rights: createRights(sync, engine.control),
    pulse,
    limits: { perMinute: settings.NXT_REQUESTS_PER_MINUTE, inProgress: settings.NXT_MAX_IN_PROGRESS },
    inUse: () => readInUse(engine.control, sync.now()),
    async expiring() {
      const expiries = await engine.expiries();
      return expiries && soon(expiries, sync.now());
    },
    environment,
    tokens: createFormTokens({ hash: sync.hash, now: sync.now }),
    asset: createAssets(folder),
    now: sync.now,
    onBug,
  });
}
