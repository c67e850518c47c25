import type { Engine } from '../../shared/engine.ts';
import { isStorageFault } from '../../shared/storage.ts';
import { applyChange } from '../../shared/sync/index.ts';
import { onMessage } from './on-message.ts';

export const handle = onMessage({
  event: 'apply',
  async work(engine, ref, log) {
    const result = await applyChange({ ...engine.sync, log }, ref);
    await savePulse(engine);
    return result;
  },
  sendAnew: (queues, ref, delaySeconds) => queues.sendChange(ref, delaySeconds),
});

/** A chart may lack a point; a change that is applied must not be tried again for it. */
async function savePulse({ pulse }: Engine): Promise<void> {
  try {
    await pulse.flush();
  } catch (error) {
    if (!isStorageFault(error)) throw error;
  }
}
