import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import path from 'node:path';
import { eventually } from '../kit/eventually.ts';

const PROGRAM = path.join(import.meta.dirname, 'host.ts');
const KILL_AT = path.join(import.meta.dirname, 'kill-at.ts');

export interface HostOptions {
  readonly name: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Its output goes here. */
  readonly logFile: string;
}

/** A host process that is started again whenever it dies. */
export interface HostProcess {
  readonly name: string;
  /** Null while it is not up. */
  readonly origin: string | null;
  /** How often it died. */
  readonly deaths: number;
  /** SIGKILL, now. */
  kill(): void;
  /** SIGKILL at a step, such as `table.insert:before:3`; empty: never. */
  arm(step: string): void;
  untilUp(): Promise<void>;
  stop(): Promise<void>;
}

export async function startHostProcess({ name, environment, logFile }: HostOptions): Promise<HostProcess> {
  let child: ChildProcess;
  let origin: string | null = null;
  let deaths = 0;
  let stopping = false;
  const port = await freePort();

  const launch = (): void => {
    const log = openSync(logFile, 'a');
    child = fork(PROGRAM, [], {
      execArgv: ['--import', KILL_AT],
      env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment, PORT: String(port) },
      stdio: ['ignore', log, log, 'ipc'],
    });
    closeSync(log);
    void untilAnswering(port, child).then((isUp) => {
      if (isUp) origin = `http://127.0.0.1:${port}`;
    });
    child.once('exit', () => {
      origin = null;
      if (stopping) return;
      deaths += 1;
      launch();
    });
  };
  launch();

  return {
    name,
    get origin() {
      return origin;
    },
    get deaths() {
      return deaths;
    },
    kill: () => void child.kill('SIGKILL'),
    arm: (step) => {
      if (child.connected) child.send(step, () => undefined);
    },
    untilUp: () =>
      eventually(() => {
        if (origin === null) throw new Error(`host ${name} does not come up; see ${logFile}`);
      }),
    async stop() {
      stopping = true;
      if (child.exitCode !== null || child.signalCode !== null) return;
      const exited = once(child, 'exit');
      child.kill('SIGTERM');
      const lastResort = setTimeout(() => child.kill('SIGKILL'), 15_000);
      await exited;
      clearTimeout(lastResort);
    },
  };
}

async function untilAnswering(port: number, child: ChildProcess): Promise<boolean> {
  while (child.exitCode === null && child.signalCode === null) {
    const answer = await fetch(`http://127.0.0.1:${port}/api/health`).catch(() => null);
    await answer?.body?.cancel();
    if (answer) return true;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return false;
}

/** The same port after each death: the CRM knows one address per host. */
async function freePort(): Promise<number> {
  const { createServer } = await import('node:net');
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === 'object' && address !== null ? address.port : 0;
}
