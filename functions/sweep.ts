import { app } from '@azure/functions';
import { createLog } from '../shared/log.ts';
import { runtime } from '../shared/runtime.ts';
import { SettingsError } from '../shared/settings.ts';
import { sweep, sweepSchedule } from '../shared/sync/index.ts';

app.timer('sweep', {
  schedule: sweepSchedule(process.env['SWEEP_SECONDS']),
  handler: async (_timer, context) => {
    const log = createLog((text) => context.log(text));
    const running = await runtime();
    if (running instanceof SettingsError) {
      log({ event: 'heartbeat', flow: 'unconfigured', settings: running.problems.map(({ name }) => name) });
      return;
    }
    await sweep({ ...running.sync, log });
  },
});
