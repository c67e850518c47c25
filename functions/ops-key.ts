import { app } from '@azure/functions';

// Two functions, so that there are two keys: one that opens what is read, and one what acts.
app.http('ops-key-read', {
  route: 'ops-key/{*path}',
  methods: ['GET'],
  authLevel: 'function',
  handler: async (request, context) => (await import('./handlers/ops.ts')).handle(request, context, 'key'),
});

app.http('ops-key-act', {
  route: 'ops-key/{*path}',
  methods: ['POST'],
  authLevel: 'function',
  handler: async (request, context) => (await import('./handlers/ops.ts')).handle(request, context, 'key'),
});
