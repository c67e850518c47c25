import { app } from '@azure/functions';

// Every night, so that a night on which the ERP is away costs a day and not a week: what is done once a week is done by
// the first night that it is due.
app.timer('reconcile', {
  schedule: '0 30 2 * * *',
  handler: async (_timer, context) => (await import('./handlers/reconcile.ts')).handle(context),
});
