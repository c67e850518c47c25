/**
 * One process of the function app, as `local/host.ts`, but from a build of the campaign's own: nobody's build changes
 * what runs while it runs.
 */
import { startFunctionsHost, stopOnSignal } from '../../local/functions-host/index.ts';

const starting = startFunctionsHost({
  appDir: process.env['FAULTS_APP_DIR'] ?? '',
  port: Number(process.env['PORT'] ?? 0),
  log: (line) => console.log(line),
});
stopOnSignal(async () => (await starting).stop());
const host = await starting;
console.log(`listening on http://127.0.0.1:${host.port}`);
