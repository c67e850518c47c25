import { randomUUID } from 'node:crypto';
import type { InvocationResponse, LogLevel } from './core-types.ts';
import { describeError } from './describe-error.ts';
import type { FunctionApp, RegisteredFunction } from './function-app.ts';
import { invoke, type TriggerData } from './invoke.ts';
import type { LogEntry } from './log-line.ts';

export type RunResult =
  { readonly succeeded: true; readonly response: InvocationResponse } | { readonly succeeded: false };

/** Runs the function of one trigger; a failure is logged here and told as a result, never thrown. */
export type RunFunction = (data: TriggerData) => Promise<RunResult>;

export interface RunnerOptions {
  readonly app: FunctionApp;
  readonly fn: RegisteredFunction;
  readonly bindingName: string;
  /** Milliseconds, from host.json `functionTimeout`. */
  readonly timeout: number;
  readonly log: (entry: LogEntry) => void;
}

export function newFunctionRunner({ app, fn, bindingName, timeout, log }: RunnerOptions): RunFunction {
  const functionName = fn.metadata.name;
  return async (data) => {
    const invocationId = data.invocationId ?? randomUUID();
    const say = (level: LogLevel, message: string): void => log({ level, functionName, invocationId, message });
    const alarm = startAlarm(timeout, () => {
      // Azure kills the worker process here. Code that runs in our own process cannot be stopped: it is only reported.
      say('error', `Timeout value of ${timeout / 1000} s exceeded`);
    });
    try {
      const response = await invoke({
        app,
        fn,
        bindingName,
        ...data,
        invocationId,
        log: (level, _category, message) => say(level, message),
      });
      return { succeeded: true, response };
    } catch (error) {
      say('error', `failed: ${describeError(error)}`);
      return { succeeded: false };
    } finally {
      clearTimeout(alarm);
    }
  };
}

/** setTimeout's own limit is 2^31 - 1 ms; a longer functionTimeout needs no alarm. */
function startAlarm(timeout: number, ring: () => void): NodeJS.Timeout | undefined {
  return timeout < 2 ** 31 ? setTimeout(ring, timeout).unref() : undefined;
}
