import type { InvocationContext } from '@azure/functions';
import { writeBack } from '../../shared/crm/index.ts';
import { createLog } from '../../shared/log.ts';
import { toMessage } from '../../shared/queues/index.ts';
import { runtime } from '../../shared/runtime.ts';
import { SettingsError } from '../../shared/settings.ts';
import { hold } from './held-message.ts';

export async function handle(message: unknown, context: InvocationContext): Promise<void> {
  const log = createLog((text) => context.log(text));
  const ref = toMessage(message);
  if (!ref) throw new Error('the message is not one of this program’s');
  const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
  const started = Date.now();
  const running = await runtime();
  if (running instanceof SettingsError) {
    await hold((queues, delay) => queues.sendWriteBack(ref, delay));
    log({ event: 'write-back', ...ref, outcome: 'held', code: running.code, attempt });
    return;
  }
  const written = await writeBack(running.writeBack, ref);
  log({ event: 'write-back', ...ref, ...written, attempt, ms: Date.now() - started });
}
