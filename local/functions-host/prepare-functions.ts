import type { StoragePipelineOptions } from '@azure/storage-queue';
import type { LogLevel } from './core-types.ts';
import type { FunctionApp } from './function-app.ts';
import { newFunctionRunner } from './function-runner.ts';
import type { HostJson } from './host-json.ts';
import type { HttpKeys } from './http-auth.ts';
import { parseHttpRoute } from './http-route.ts';
import type { HttpFunction } from './http-server.ts';
import type { LogEntry } from './log-line.ts';
import { messageLeaseSeconds } from './message-lease-seconds.ts';
import { poisonQueueFor } from './poison-queue.ts';
import type { QueueTrigger } from './process-message.ts';
import { queueServiceFor } from './storage-connection.ts';
import type { TimerTrigger } from './timer-listener.ts';
import { parseTimerSchedule } from './timer-schedule.ts';
import { readTrigger } from './triggers.ts';

export interface PreparedFunctions {
  readonly names: readonly string[];
  readonly http: readonly HttpFunction[];
  readonly queues: readonly QueueTrigger[];
  readonly timers: readonly TimerTrigger[];
  readonly keys: HttpKeys;
}

export interface PrepareOptions {
  readonly app: FunctionApp;
  readonly hostJson: HostJson;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly log: (entry: LogEntry) => void;
}

/** A poll is its own retry; a delete or a renewal is tried again soon, like the .NET client does. */
const POLLING: StoragePipelineOptions = { retryOptions: { maxTries: 1, tryTimeoutInMs: 30_000 } };
const SETTLING: StoragePipelineOptions = {
  retryOptions: { maxTries: 5, retryDelayInMs: 500, maxRetryDelayInMs: 5_000, tryTimeoutInMs: 30_000 },
};

/** Turns registrations into what the listeners need. Every wrong schedule, route or connection is found here. */
export function prepareFunctions({ app, hostJson, environment, log }: PrepareOptions): PreparedFunctions {
  const http: HttpFunction[] = [];
  const queues: QueueTrigger[] = [];
  const timers: TimerTrigger[] = [];
  const names: string[] = [];

  for (const fn of app.functions.values()) {
    const { name } = fn.metadata;
    if (isDisabled(name, environment)) continue;
    names.push(name);
    const { bindingName, trigger } = readTrigger(fn, environment);
    const run = newFunctionRunner({ app, fn, bindingName, timeout: hostJson.functionTimeout, log });
    const say = (level: LogLevel, message: string): void => log({ level, functionName: name, message });
    switch (trigger.type) {
      case 'httpTrigger': {
        const route = parseHttpRoute(`${hostJson.extensions.http.routePrefix}/${trigger.route ?? name}`);
        http.push({ name, route, methods: trigger.methods, authLevel: trigger.authLevel, run });
        break;
      }
      case 'queueTrigger': {
        const connection = trigger.connection === '' ? 'AzureWebJobsStorage' : trigger.connection;
        const settling = queueServiceFor(connection, environment, SETTLING);
        queues.push({
          receiver: queueServiceFor(connection, environment, POLLING).getQueueClient(trigger.queueName),
          queue: settling.getQueueClient(trigger.queueName),
          poison: poisonQueueFor(settling, trigger.queueName),
          options: hostJson.extensions.queues,
          leaseSeconds: messageLeaseSeconds(environment),
          dataType: trigger.dataType,
          run,
          log: say,
        });
        break;
      }
      case 'timerTrigger':
        timers.push({ schedule: parseTimerSchedule(trigger.schedule), runOnStartup: trigger.runOnStartup, run });
        break;
    }
  }
  const keys = {
    functionKey: environment['HOST_FUNCTION_KEY'],
    ownKeys: ownKeys(environment),
    masterKey: environment['HOST_MASTER_KEY'],
  };
  return { names, http, queues, timers, keys };
}

/** `HOST_FUNCTION_KEY__ops-key-read=…`, by the function's name. */
function ownKeys(environment: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> {
  const prefix = 'HOST_FUNCTION_KEY__';
  return Object.fromEntries(
    Object.entries(environment).flatMap(([name, key]) =>
      name.startsWith(prefix) && key !== undefined ? [[name.slice(prefix.length), key]] : [],
    ),
  );
}

/** https://learn.microsoft.com/azure/azure-functions/disable-function */
function isDisabled(name: string, environment: Readonly<Record<string, string | undefined>>): boolean {
  return /^(?:true|1)$/i.test(environment[`AzureWebJobs.${name}.Disabled`] ?? '');
}
