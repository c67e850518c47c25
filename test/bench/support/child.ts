import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

export interface Child<Ready> {
  readonly process: ChildProcess;
  /** Its first message. */
  readonly ready: Ready;
  ask<Answer>(command: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

export interface ChildOptions {
  readonly args?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly nodeFlags?: readonly string[];
}

/** Starts a program of this folder with a channel for questions: `{id, command}` → `{id, answer}`. */
export async function startChild<Ready>(file: string, options: ChildOptions = {}): Promise<Child<Ready>> {
  const child = fork(path.join(import.meta.dirname, file), options.args ?? [], {
    execArgv: [...(options.nodeFlags ?? [])],
    env: { ...process.env, ...options.environment },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = once(child, 'exit');
  const first = await Promise.race([once(child, 'message'), ended.then(() => null)]);
  if (first === null) throw new Error(`${file} ended before it was ready`);
  const waiting = new Map<number, (answer: unknown) => void>();
  let count = 0;
  child.on('message', (message: { id?: number; answer?: unknown }) => {
    if (message.id === undefined) return;
    waiting.get(message.id)?.(message.answer);
    waiting.delete(message.id);
  });
  return {
    process: child,
    ready: first[0] as Ready,
    ask: <Answer>(command: unknown) =>
      new Promise<Answer>((resolve, reject) => {
        count += 1;
        waiting.set(count, (answer) => resolve(answer as Answer));
        void ended.then(() => reject(new Error(`${file} ended`)));
        child.send({ id: count, command });
      }),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      const lastResort = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await ended;
      clearTimeout(lastResort);
    },
  };
}
