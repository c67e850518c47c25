import type { InvocationContext } from '@azure/functions';
import type { RecordRef } from '../../shared/record/index.ts';
import { createLog, type Log, type WideLine } from '../../shared/log.ts';
import { toMessage, type Queues } from '../../shared/queues/index.ts';
import { queuesWithoutSettings, runtime, type Runtime } from '../../shared/runtime.ts';
import { SettingsError } from '../../shared/settings.ts';

const HOLD_SECONDS = 60;

/** What differs between the queues: the work, and how a message that must wait is sent anew. */
interface QueueWork {
  readonly event: WideLine['event'];
  readonly work: (running: Runtime, ref: RecordRef, attempt: number, log: Log) => Promise<object>;
  readonly sendAnew: (queues: Queues, ref: RecordRef, delaySeconds: number) => Promise<void>;
}

/** One message: read, worked on, and one wide line about it. It throws only for what the platform shall try again. */
export function onMessage({ event, work, sendAnew }: QueueWork) {
  return async (message: unknown, context: InvocationContext): Promise<void> => {
    const log = createLog((text) => context.log(text));
    const ref = toMessage(message);
    if (!ref) throw new Error('the message is not one of this program’s');
    const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
    const started = Date.now();
    const running = await runtime();
    if (running instanceof SettingsError) {
      // Waiting for a person to mend the settings must not spend the platform's tries.
      await sendAnew(await queuesWithoutSettings(process.env), ref, HOLD_SECONDS);
      log({ event, ...ref, outcome: 'held', code: running.code, attempt });
      return;
    }
    const result = await work(running, ref, attempt, log);
    log({ event, ...ref, ...result, attempt, ms: Date.now() - started });
  };
}
