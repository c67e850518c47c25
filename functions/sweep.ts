import { app } from '@azure/functions';
import { sweepSchedule } from '../shared/sweep-schedule.ts';

app.timer('sweep', {
  schedule: sweepSchedule(process.env['SWEEP_SECONDS']),
  handler: async (_timer, context) => (await import('./handlers/sweep.ts')).handle(context),
});
