import { app } from '@azure/functions';
import { QUEUES } from '../shared/storage-names.ts';

app.storageQueue('write-back', {
  queueName: QUEUES.writeBacks,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => (await import('./handlers/messages.ts')).handleWriteBack(message, context),
});
