import { app } from '@azure/functions';

app.http('receive-changes', {
  route: 'webhooks/{source}',
  methods: ['POST'],
  authLevel: 'anonymous',
  handler: async (request, context) => (await import('./handlers/receive-changes.ts')).handle(request, context),
});
