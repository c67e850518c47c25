import { app } from '@azure/functions';
import { createLog } from '../shared/log.ts';
import { writeBack } from '../shared/crm/index.ts';
import { toMessage } from '../shared/queues/index.ts';
import { queuesWithoutSettings, runtime } from '../shared/runtime.ts';
import { SettingsError } from '../shared/settings.ts';
import { QUEUES } from '../shared/storage-names.ts';

const HOLD_SECONDS = 60;

app.storageQueue('write-back', {
  queueName: QUEUES.writeBacks,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => {
    const log = createLog((text) => context.log(text));
    const ref = toMessage(message);
    if (!ref) throw new Error('the message is not one of this program’s');
    const attempt = Number(context.triggerMetadata?.['dequeueCount'] ?? 1);
    const started = Date.now();
    const running = await runtime();
    if (running instanceof SettingsError) {
      await (await queuesWithoutSettings(process.env)).sendWriteBack(ref, HOLD_SECONDS);
      log({ event: 'write-back', ...ref, outcome: 'held', code: running.code, attempt });
      return;
    }
    const written = await writeBack(running.writeBack, ref);
    log({ event: 'write-back', ...ref, ...written, attempt, ms: Date.now() - started });
  },
});
