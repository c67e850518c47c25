import type { InvocationContext } from '@azure/functions';
import { createLog } from '../../shared/log.ts';
import { toMessage } from '../../shared/queues/index.ts';
import { runtime } from '../../shared/runtime.ts';
import { SettingsError } from '../../shared/settings.ts';
import { applyChange, MOST_DEQUEUES } from '../../shared/sync/index.ts';
import { hold } from './held-message.ts';

export async function handle(message: unknown, context: InvocationContext): Promise<void> {
  const log = createLog((text) => context.log(text));
  const ref = toMessage(message);
  if (!ref) throw new Error('the message is not one of this program’s');
  const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
  const started = Date.now();
  const running = await runtime();
  if (running instanceof SettingsError) {
    await hold((queues, delay) => queues.sendChange(ref, delay));
    log({ event: 'apply', ...ref, outcome: 'held', code: running.code, attempt });
    return;
  }
  const applied = await applyChange({ ...running.sync, log }, ref, attempt >= MOST_DEQUEUES);
  log({ event: 'apply', ...ref, ...applied, attempt, ms: Date.now() - started });
}
