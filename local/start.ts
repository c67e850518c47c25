import { parseArgs } from 'node:util';
import { SettingsError } from '../shared/settings.ts';
import { stopOnSignal } from './functions-host/index.ts';
import { sendSamples } from './start/send-samples.ts';
import { CRMS } from './start/local-crm/index.ts';
import { startSurroundings } from './start/surroundings.ts';
import { Attempts, toAttempt } from './start/log-lines.ts';
import { curlText, placesText } from './start/print.ts';
import { followChanges } from './start/follow-changes.ts';

/**
 * `npm start`: everything on this machine; `-- --once` ends when the sample changes are in sync, 1 when they are not;
 * `-- --crm hubspot|superoffice` with another CRM than one that speaks this program's events.
 */
const { once, crm: wanted } = parseArgs({
  options: { once: { type: 'boolean', default: false }, crm: { type: 'string', default: 'standard' } },
}).values;
const crm = CRMS.find((name) => name === wanted);
if (crm === undefined) {
  console.error(`--crm: one of ${CRMS.join(', ')}`);
  process.exit(1);
}

const cleanUp = new AsyncDisposableStack();
stopOnSignal(() => cleanUp.disposeAsync());

const attempts = new Attempts();
let follow: ((line: string) => void) | undefined;
const onLine = (line: string): void => {
  const attempt = toAttempt(line);
  if (attempt) attempts.add(attempt);
  follow?.(line);
};

try {
  console.log('Starting Azurite, the ERP sandbox, the CRM simulator and the functions on 127.0.0.1 …');
  const started = Date.now();
  const surroundings = await startSurroundings(cleanUp, onLine, crm);
  console.log(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s.\n\n${placesText(surroundings)}\n`);
  const inSync = await sendSamples(surroundings, attempts);
  if (once) {
    process.exitCode = inSync ? 0 : 1;
  } else {
    follow = followChanges(surroundings, (text) => console.log(text));
    if (crm === 'standard') {
      console.log(`
Send a change yourself, from another terminal in this folder; edit the file and raise "version" to send another:

  ${curlText(surroundings.webhookUrl)}`);
    }
    console.log(`
Operate it, from another terminal in this folder; no setting is needed:

  npm run sync -- status
  npm run sync -- --help

What reaches the ERP shows here. Ctrl+C ends everything.
`);
  }
} catch (error) {
  // Ctrl+C while starting: what fails then only fails because it is being stopped, and the process ends with that.
  if (cleanUp.disposed) await new Promise(() => undefined);
  const lines = error instanceof SettingsError ? error.problems.map(({ name, message }) => `${name}: ${message}`) : [];
  console.error(lines.length > 0 ? lines.join('\n') : error);
  process.exitCode = 1;
}
if (once || process.exitCode === 1) await cleanUp.disposeAsync();
