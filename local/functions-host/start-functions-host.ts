import type { LogLevel } from './core-types.ts';
import { applyEnvironment } from './app-environment.ts';
import { coreApi } from './core-api.ts';
import { withDeadline } from './deadline.ts';
import { readHostJson } from './host-json.ts';
import { startHttpServer } from './http-server.ts';
import { loadApp } from './load-app.ts';
import { isLogged } from './log-filter.ts';
import { toLogLine, type LogEntry } from './log-line.ts';
import { prepareFunctions } from './prepare-functions.ts';
import { startQueueListener } from './queue-listener.ts';
import { readSignIn, withSignIn } from './sign-in.ts';
import { startTimerListener } from './timer-listener.ts';

export interface FunctionsHostOptions {
  /** The folder with host.json and package.json. */
  readonly appDir: string;
  /** Settings of the host and the app; `process.env` when absent. Put into `process.env` until the host has stopped. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** 0 takes any free port. */
  readonly port: number;
  /** Gets one line at a time, without line break. */
  readonly log: (line: string) => void;
  /** How long `stop()` waits for what runs, in milliseconds. */
  readonly stopTimeout?: number;
}

export interface FunctionsHost {
  readonly port: number;
  /** Names of the functions that run, disabled ones left out. */
  readonly registered: readonly string[];
  /** Takes nothing new, waits for what runs, runs the app's terminate hooks. */
  stop(): Promise<void>;
}

/** Runs a function app in this process: HTTP, queue and timer triggers. Resolves when HTTP listens. */
export async function startFunctionsHost(options: FunctionsHostOptions): Promise<FunctionsHost> {
  const environment = withSignIn(options.environment ?? process.env);
  const restoreEnvironment = applyEnvironment(environment);
  try {
    return await start(options, environment, restoreEnvironment);
  } catch (error) {
    restoreEnvironment();
    throw error;
  }
}

async function start(
  { appDir, port, log, stopTimeout = 30_000 }: FunctionsHostOptions,
  environment: Readonly<Record<string, string | undefined>>,
  restoreEnvironment: () => void,
): Promise<FunctionsHost> {
  const hostJson = await readHostJson(appDir, environment);
  const write = (entry: LogEntry): void => {
    if (isLogged(hostJson.logging.logLevel, entry.level, entry.functionName)) log(toLogLine(entry));
  };
  const say = (level: LogLevel, message: string): void => write({ level, message });

  const app = await loadApp(appDir, say);
  const hookContext = { hookData: app.appLevelOnlyHookData, appHookData: app.appHookData };
  await app.runHooks('appStart', { ...hookContext, functionAppDirectory: appDir });
  app.locked = true;
  const capabilities = await (app.model ?? coreApi.getProgrammingModel())?.getCapabilities?.({});

  const prepared = prepareFunctions({ app, hostJson, environment, log: write });
  const server = await startHttpServer(
    prepared.http,
    prepared.keys,
    port,
    capabilities?.['HttpUri'],
    readSignIn(environment),
  );
  const listeners = [...prepared.queues.map(startQueueListener), ...prepared.timers.map(startTimerListener)];

  let stopped: Promise<void> | undefined;
  const stop = async (): Promise<void> => {
    const ended = Promise.all([server.stop(), ...listeners.map((listener) => listener.stop())]);
    if (!(await withDeadline(ended, stopTimeout))) {
      say('error', `functions still ran ${stopTimeout / 1000} s after the stop; their messages show again later`);
    }
    await app.runHooks('appTerminate', hookContext);
    restoreEnvironment();
  };
  return { port: server.port, registered: prepared.names, stop: () => (stopped ??= stop()) };
}
