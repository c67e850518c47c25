import path from 'node:path';
import { readEnvironment } from '../shared/local-settings.ts';
import { readSettings, SettingsError, type Environment } from '../shared/settings.ts';
import { startFunctionsHost, stopOnSignal } from './functions-host/index.ts';

const appDir = path.join(import.meta.dirname, '..');

function end(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readPort(text: string | undefined): number {
  const port = Number(text === undefined || text === '' ? 7071 : text);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : end('PORT: a whole number from 0 to 65535');
}

/** Says every problem at once and ends: nothing half-configured runs. */
function checkedSettings(): Environment {
  try {
    const environment = readEnvironment(appDir);
    readSettings(environment);
    return environment;
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    end(error.problems.map(({ name, message }) => `${name}: ${message}`).join('\n'));
  }
}

const environment = checkedSettings();
const port = readPort(environment['PORT']);
const starting = startFunctionsHost({ appDir, environment, port, log: (line) => console.log(line) });
stopOnSignal(async () => (await starting).stop());
try {
  const host = await starting;
  console.log(`listening on http://127.0.0.1:${host.port}`);
} catch (error) {
  const inUse = error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
  end(inUse ? `port ${port} is in use: set PORT to another` : error instanceof Error ? error.message : String(error));
}
