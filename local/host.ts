import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { readSettings, SettingsError, type Environment } from '../shared/settings.ts';
import { startFunctionsHost, stopOnSignal } from './functions-host/index.ts';

const appDir = path.join(import.meta.dirname, '..');

/** As Core Tools does: `Values` of local.settings.json are defaults under the real environment. */
function readEnvironment(): Environment {
  const file = path.join(appDir, 'local.settings.json');
  if (!existsSync(file)) return process.env;
  const { Values } = z
    .object({ Values: z.record(z.string(), z.coerce.string()).default({}) })
    .parse(JSON.parse(readFileSync(file, 'utf8')));
  return { ...Values, ...process.env };
}

function end(message: string): never {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}

function readPort(text: string | undefined): number {
  const port = Number(text === undefined || text === '' ? 7071 : text);
  return Number.isInteger(port) && port >= 0 && port <= 65_535 ? port : end('PORT: a whole number from 0 to 65535');
}

/** Says every problem at once and ends: nothing half-configured runs. */
function checkSettings(environment: Environment): void {
  try {
    readSettings(environment);
  } catch (error) {
    if (!(error instanceof SettingsError)) throw error;
    end(error.problems.map(({ name, message }) => `${name}: ${message}`).join('\n'));
  }
}

const environment = readEnvironment();
checkSettings(environment);
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
