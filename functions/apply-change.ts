import { app } from '@azure/functions';
import { QUEUES } from '../shared/storage-names.ts';

app.storageQueue('apply-change', {
  queueName: QUEUES.changes,
  connection: 'AzureWebJobsStorage',
  handler: async (message, context) => (await import('./handlers/messages.ts')).handleChange(message, context),
});
