import { parseArgs } from 'node:util';
import { SettingsError } from '../shared/settings.ts';
import { stopOnSignal } from './functions-host/index.ts';
import { sendSamples } from './start/send-samples.ts';
import { startSurroundings } from './start/surroundings.ts';
import { Attempts, toAttempt } from './start/log-lines.ts';
import { curlText, placesText } from './start/print.ts';
import { followChanges } from './start/follow-changes.ts';

/** `npm start`: everything on this machine; `-- --once` ends when the sample changes are in sync, 1 when they are not. */
const { once } = parseArgs({ options: { once: { type: 'boolean', default: false } } }).values;

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
  const surroundings = await startSurroundings(cleanUp, onLine);
  console.log(`Ready after ${((Date.now() - started) / 1000).toFixed(1)} s.\n\n${placesText(surroundings)}\n`);
  const inSync = await sendSamples(surroundings, attempts);
  if (once) {
    process.exitCode = inSync ? 0 : 1;
  } else {
    follow = followChanges(surroundings, (text) => console.log(text));
    console.log(`
Send a change yourself, from another terminal in this folder; edit the file and raise "version" to send another:

  ${curlText(surroundings.webhookUrl)}

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
