import type { InvocationContext } from '@azure/functions';
import { createLog } from '../../shared/log.ts';
import { ownEngine } from '../../shared/engine.ts';
import { SettingsError } from '../../shared/settings.ts';
import { isStorageFault } from '../../shared/storage.ts';
import { sweep } from '../../shared/sync/index.ts';
import { publishSettings } from '../../shared/published-settings.ts';

export async function handle(context: InvocationContext): Promise<void> {
  const log = createLog((text) => context.log(text));
  const running = await ownEngine();
  if (running instanceof SettingsError) {
    log({ event: 'heartbeat', flow: 'unconfigured', settings: running.problems.map(({ name }) => name) });
    return;
  }
  try {
    await running.checkSetUp();
    await publishSettings(running.control, running.settings);
    await sweep({ ...running.sync, log });
    await running.pulse.flush();
    await running.pulse.forget();
  } catch (error) {
    if (!isStorageFault(error)) throw error;
    // No mistake of this program's, and the next sweep begins anew.
    log({ event: 'sweep', outcome: 'waiting', code: 'storage.unavailable' });
  }
}
