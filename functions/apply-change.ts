import { app } from '@azure/functions';
import { createLog } from '../shared/log.ts';
import { toMessage } from '../shared/queues/index.ts';
import { queuesWithoutSettings, runtime } from '../shared/runtime.ts';
import { SettingsError } from '../shared/settings.ts';
import { QUEUES } from '../shared/storage-names.ts';
import { applyChange, MOST_DEQUEUES } from '../shared/sync/index.ts';

/** A message that cannot be worked on yet is sent anew: it must not spend the platform's tries. */
const HOLD_SECONDS = 60;

app.storageQueue('apply-change', {
  queueName: QUEUES.changes,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const log = createLog((text) => context.log(text));
    const ref = toMessage(message);
    if (!ref) throw new Error('the message is not one of this program’s');
    const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
    const started = Date.now();
    const running = await runtime();
    if (running instanceof SettingsError) {
      await (await queuesWithoutSettings(process.env)).sendChange(ref, HOLD_SECONDS);
      log({ event: 'apply', ...ref, outcome: 'held', code: running.code, attempt });
      return;
    }
    const applied = await applyChange({ ...running.sync, log }, ref, attempt >= MOST_DEQUEUES);
    log({ event: 'apply', ...ref, ...applied, attempt, ms: Date.now() - started });
  },
});
