import type { InvocationContext } from '@azure/functions';
import { writeBack } from '../../shared/crm/index.ts';
import { ownEngine, queuesWithoutSettings, type Engine } from '../../shared/engine.ts';
import { createLog, type Log, type WideLine } from '../../shared/log.ts';
import { toMessage, type Queues } from '../../shared/queues/index.ts';
import type { RecordRef } from '../../shared/record/index.ts';
import { SettingsError } from '../../shared/settings.ts';
import { isStorageFault } from '../../shared/storage.ts';
import { applyChange, writeFields } from '../../shared/sync/index.ts';

const HOLD_SECONDS = 60;

/** A record has changed: its newest state is brought to the ERP. */
export const handleChange = onMessage({
  event: 'apply',
  async work(engine, ref, log) {
    const result = await applyChange({ ...engine.sync, log }, ref);
    await savePulse(engine);
    return result;
  },
  sendAnew: (queues, ref, delaySeconds) => queues.sendChange(ref, delaySeconds),
});

/** The CRM is owed a record's numbers, or values that accounting changed. */
export const handleWriteBack = onMessage({
  event: 'write-back',
  async work({ sync, writeBack: deps, settings }, ref) {
    const numbers = await writeBack(deps, ref);
    if (settings.ERP_TO_CRM === 'off' || settings.SYNC_MODE !== 'write') return numbers;
    const fields = await writeFields({ sync, writeBack: deps }, ref);
    return numbers.outcome === 'nothing-to-do' ? fields : { ...numbers, fields: fields.outcome };
  },
  sendAnew: (queues, ref, delaySeconds) => queues.sendWriteBack(ref, delaySeconds),
});

/** A chart may lack a point; a change that is applied must not be tried again for it. */
async function savePulse({ pulse }: Engine): Promise<void> {
  try {
    await pulse.flush();
  } catch (error) {
    if (!isStorageFault(error)) throw error;
  }
}

/** What differs between the queues: the work, and how a message that must wait is sent anew. */
interface QueueWork {
  readonly event: WideLine['event'];
  readonly work: (running: Engine, ref: RecordRef, log: Log) => Promise<object>;
  readonly sendAnew: (queues: Queues, ref: RecordRef, delaySeconds: number) => Promise<void>;
}

/** One message: read, worked on, and one wide line about it. It throws only for what the platform shall try again. */
function onMessage({ event, work, sendAnew }: QueueWork) {
  return async (message: unknown, context: InvocationContext): Promise<void> => {
    const log = createLog((text) => context.log(text));
    const ref = toMessage(message);
    if (!ref) throw new Error('the message is not one of this program’s');
    const attempt = deliveriesOf(message, context);
    const started = Date.now();
    const running = await ownEngine();
    if (running instanceof SettingsError) {
      // Waiting for a person to mend the settings must not spend the platform's tries.
      await sendAnew(await queuesWithoutSettings(process.env), ref, HOLD_SECONDS);
      log({ event, ...ref, outcome: 'held', code: running.code, attempt });
      return;
    }
    try {
      const result = await work(running, ref, log);
      log({ event, ...ref, ...result, attempt, ms: Date.now() - started });
    } catch (error) {
      if (!isStorageFault(error)) throw error;
      // Nor must storage that is away: what is owed stands in the ledger, and the sweep sends a message for it.
      await sendAnew(running.queues, ref, HOLD_SECONDS).catch((fault: unknown) => {
        if (!isStorageFault(fault)) throw fault;
      });
      log({ event, ...ref, outcome: 'waiting', code: 'storage.unavailable', attempt, ms: Date.now() - started });
    }
  };
}

/**
 * How often the platform has delivered the message, for the log alone; undefined where it cannot be known: the host lays a
 * message's own fields over the trigger's metadata, so that one with a `dequeueCount` says what its sender likes.
 */
function deliveriesOf(message: unknown, { triggerMetadata }: InvocationContext): number | undefined {
  const fields = typeof message === 'object' && message !== null ? Object.keys(message) : [];
  if (fields.some((name) => name.toLowerCase() === 'dequeuecount')) return undefined;
  return Number(triggerMetadata?.['dequeueCount'] ?? 1);
}
