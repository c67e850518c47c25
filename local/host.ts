import path from 'node:path';
import { readEnvironment } from '../shared/local-settings.ts';
import { readSettings, SettingsError, type Environment } from '../shared/settings.ts';
import { createSource, webhookSecretsProblem } from '../shared/sources/index.ts';
import { messageLeaseSeconds, startFunctionsHost, stopOnSignal } from './functions-host/index.ts';

const appDir = path.join(import.meta.dirname, '..');

function end(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readPort({ PORT: text = '' }: Environment): number {
  const port = Number(text === '' ? 7071 : text);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw new Error('PORT: a whole number from 0 to 65535');
  return port;
}

/** In Azure a malformed secret is one that nobody has signed with; at a desk it is a slip of the pen. */
async function checkSource(environment: Environment): Promise<void> {
  const { CRM_WEBHOOK_SECRET: text = '', CRM_ADAPTER: adapter = '' } = environment;
  if (text === '') return;
  // Every problem at once: the default's secrets can be judged though other settings are wrong.
  const isDefault = adapter === '' || adapter === 'standard';
  const problem = isDefault
    ? webhookSecretsProblem(text)
    : (await createSource(readSettings(environment))).secretProblem(text);
  if (problem !== null) throw new Error(`CRM_WEBHOOK_SECRET: ${problem}`);
}

/** What is wrong, in lines of name and message. */
async function problemsOf(act: () => unknown): Promise<readonly string[]> {
  try {
    await act();
    return [];
  } catch (error) {
    if (error instanceof SettingsError) return error.problems.map(({ name, message }) => `${name}: ${message}`);
    return [error instanceof Error ? error.message : String(error)];
  }
}

/** Says every problem at once and ends: nothing half-configured runs. */
async function checkedSettings(): Promise<Environment> {
  let environment: Environment = {};
  const unreadable = await problemsOf(() => (environment = readEnvironment(appDir)));
  if (unreadable.length > 0) end(unreadable.join('\n'));
  const checks = [readSettings, checkSource, readPort, messageLeaseSeconds];
  const problems = await Promise.all(checks.map((check) => problemsOf(() => check(environment))));
  if (problems.flat().length > 0) end([...new Set(problems.flat())].join('\n'));
  return environment;
}

const environment = await checkedSettings();
const port = readPort(environment);
const starting = startFunctionsHost({ appDir, environment, port, log: (line) => console.log(line) });
stopOnSignal(async () => (await starting).stop());
try {
  const host = await starting;
  console.log(`listening on http://127.0.0.1:${host.port}`);
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  end(inUse ? `port ${port} is in use: set PORT to another` : error instanceof Error ? error.message : String(error));
}
