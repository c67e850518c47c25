import type { InvocationContext } from '@azure/functions';
import { createLog } from '../../shared/log.ts';
import { ownEngine } from '../../shared/engine.ts';
import { SettingsError } from '../../shared/settings.ts';
import { isStorageFault } from '../../shared/storage.ts';
import { reconcileWhenDue } from '../../shared/sync/index.ts';

export async function handle(context: InvocationContext): Promise<void> {
  const log = createLog((text) => context.log(text));
  const running = await ownEngine();
  // The sweep's heartbeat says which settings are wrong.
  if (running instanceof SettingsError) return;
  try {
    const { crm, control } = running;
    await reconcileWhenDue({ sync: { ...running.sync, log }, crm, control });
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    // No mistake of this program's, and the next night tries again.
    log({ event: 'reconcile', outcome: 'waiting', code: 'storage.unavailable' });
  }
}
