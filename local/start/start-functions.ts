import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Environment } from '../../shared/settings.ts';

const LAST_RESORT_MS = 10_000;

export interface Functions {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  stop(): Promise<void>;
}

/** Starts the functions in a process of their own; resolves when they listen. */
export async function startFunctions(
  environment: Environment,
  port: number,
  onLine: (line: string) => void,
): Promise<Functions> {
  const child = spawn(process.execPath, [path.join(import.meta.dirname, 'functions.ts')], {
    env: { ...environment, PORT: String(port) },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const exited = once(child, 'exit');
  let complaints = '';
  child.stderr.on('data', (chunk) => (complaints += String(chunk)));
  const origin = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (line) => {
      const [, listening] = /^listening on (\S+)$/.exec(line) ?? [];
      if (listening === undefined) onLine(line);
      else resolve(listening);
    });
    child.once('exit', () => reject(new Error(`the functions ended: ${complaints.trim()}`)));
  });
  return {
    origin,
    async stop() {
      child.stdin.end();
      const lastResort = setTimeout(() => child.kill('SIGKILL'), LAST_RESORT_MS);
      await exited;
      clearTimeout(lastResort);
    },
  };
}
