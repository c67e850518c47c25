import { mkdirSync, createWriteStream, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { openEngine, type Engine } from '../../shared/engine.ts';
import { startAzurite } from '../azurite.ts';
import { SAMPLE_ROWS, startNxtSandbox, type NxtSandbox } from '../nxt/index.ts';
import { LOCAL_NXT_WEBHOOK_KEY, localEnvironment, localSettings } from './environment.ts';
import { onFreePorts } from './free-port.ts';
import { startLocalCrm, type CrmName, type LocalCrm } from './local-crm/index.ts';
import { startFunctions } from './start-functions.ts';

const LOG_FILE = path.join(import.meta.dirname, '../../.local/start.log');
/** Where the command line finds a running `npm start` (cli/npm-start.ts). */
const SETTINGS_FILE = path.join(import.meta.dirname, '../../.local/start.json');

/** All that runs, on 127.0.0.1. */
export interface Surroundings {
  readonly webhookUrl: string;
  readonly consoleUrl: string;
  readonly healthUrl: string;
  readonly sandbox: NxtSandbox;
  readonly crm: LocalCrm;
  /** The same storage the functions use: what is in sync is read from the ledger, not guessed from the log. */
  readonly runtime: Engine;
  /** The functions' log. */
  readonly logFile: string;
}

/**
 * Starts Azurite, the ERP sandbox, the CRM simulator and the functions. Whatever has started is handed to `cleanUp` at
 * once, so that a Ctrl+C in the middle leaves nothing behind.
 */
export async function startSurroundings(
  cleanUp: AsyncDisposableStack,
  onLine: (line: string) => void,
  crmName: CrmName,
): Promise<Surroundings> {
  // The ports everyone knows, so that local.settings.sample.json and a second program fit; others where one is taken.
  const startStorage = ([blob = 0, queue = 0, table = 0]: readonly number[]) =>
    startAzurite({ ports: { blob, queue, table } });
  const [azurite, sandbox, crm] = await Promise.all([
    keep(onFreePorts([10_000, 10_001, 10_002], startStorage), cleanUp),
    keep(
      onFreePorts([7100], ([port = 0]) => startNxtSandbox({ port, rows: SAMPLE_ROWS })),
      cleanUp,
    ),
    keep(
      onFreePorts([7200], ([port = 0]) => startLocalCrm(crmName, port)),
      cleanUp,
    ),
  ]);
  const neighbours = { azurite, sandbox, crm };
  const environment = localEnvironment(process.env, neighbours);
  const write = openLog(LOG_FILE, cleanUp);
  const log = (line: string): void => {
    write(line);
    onLine(line);
  };
  const functionsPort = Number(process.env['PORT'] ?? 7071);
  const { origin } = await keep(
    onFreePorts([functionsPort], ([port = 0]) => startFunctions(environment, port, log)),
    cleanUp,
  );
  sandbox.sendTableChanges({ url: `${origin}/api/webhooks/nxt`, key: LOCAL_NXT_WEBHOOK_KEY });
  const runtime = await openEngine(environment, () => undefined);
  const webhookUrl = `${origin}/api/webhooks/${crm.route}`;
  leaveSettings({ ...localSettings(neighbours), WEBHOOK_URL: webhookUrl }, cleanUp);
  return {
    webhookUrl,
    consoleUrl: `${origin}/api/ops`,
    healthUrl: `${origin}/api/health`,
    sandbox,
    crm,
    runtime,
    logFile: path.relative(process.cwd(), LOG_FILE),
  };
}

async function keep<T extends { stop(): Promise<void> }>(
  starting: Promise<T>,
  cleanUp: AsyncDisposableStack,
): Promise<T> {
  const started = await starting;
  if (cleanUp.disposed) await started.stop();
  else cleanUp.defer(() => started.stop());
  return started;
}

function openLog(file: string, cleanUp: AsyncDisposableStack): (line: string) => void {
  mkdirSync(path.dirname(file), { recursive: true });
  const stream = createWriteStream(file);
  cleanUp.defer(() => new Promise<void>((resolve) => stream.end(resolve)));
  return (line) => void stream.write(`${line}\n`);
}

/** While this runs, the command line works on it without a setting. */
function leaveSettings(environment: Readonly<Record<string, string>>, cleanUp: AsyncDisposableStack): void {
  rmSync(SETTINGS_FILE, { force: true });
  writeFileSync(SETTINGS_FILE, JSON.stringify({ pid: process.pid, environment }), { mode: 0o600, flag: 'wx' });
  cleanUp.defer(() => rmSync(SETTINGS_FILE, { force: true }));
}
