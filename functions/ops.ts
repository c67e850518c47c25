import { app } from '@azure/functions';

app.http('ops', {
  route: 'ops/{*path}',
  methods: ['GET', 'POST'],
  // Who may come in is App Service authentication's to prove and the console's to check: with a key besides, nobody could
  // (https://github.com/Azure/azure-functions-host/issues/11394).
  authLevel: 'anonymous',
  handler: async (request, context) => (await import('./handlers/ops.ts')).handle(request, context, 'sign-in'),
});
