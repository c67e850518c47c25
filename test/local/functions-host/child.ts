import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { onTestFinished } from 'vitest';
import { eventually } from '../../kit/eventually.ts';

export interface Child {
  readonly output: () => string;
  /** Resolves with the match once the output (stdout and stderr) fits. */
  until(pattern: RegExp): Promise<RegExpExecArray>;
  kill(signal: NodeJS.Signals): void;
  /** Resolves with the exit code, null when a signal ended it. */
  exited: Promise<number | null>;
}

/** Runs a TypeScript file in a Node process of its own, which never outlives the test. */
export function startChild(file: string, environment: Readonly<Record<string, string>>, cwd = process.cwd()): Child {
  const child = spawn(process.execPath, [file], {
    cwd,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  child.stdout.on('data', (chunk) => (output += String(chunk)));
  child.stderr.on('data', (chunk) => (output += String(chunk)));
  const exited = once(child, 'close').then(() => child.exitCode);
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  return {
    output: () => output,
    until: (pattern) =>
      eventually(() => {
        const found = pattern.exec(output);
        if (found === null) throw new Error(`${String(pattern)} did not come; output so far:\n${output}`);
        return found;
      }),
    kill: (signal) => void child.kill(signal),
    exited,
  };
}
