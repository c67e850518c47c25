import type { Context, ExitCode } from '../../cli/context.ts';
import { run } from '../../cli/run.ts';
import type { World } from '../kit/world.ts';

export interface Answer {
  readonly code: ExitCode;
  readonly out: string;
  readonly err: string;
}

/** Runs `sync <args>` in this process, on the world's storage and at the world's time. */
export async function command(world: World, ...args: readonly string[]): Promise<Answer> {
  const { environment, engine, sync } = world;
  // A person takes some time between two commands.
  world.advance(1);
  const out: string[] = [];
  const err: string[] = [];
  const context: Context = {
    out: (text) => out.push(text),
    err: (text) => err.push(text),
    isTerminal: false,
    user: 'tester',
    now: () => sync.now(),
    token: async () => '',
    environment: () => environment,
    connect: async () => ({ ...engine, sync }),
  };
  const code = await run(args, context);
  return { code, out: out.join('\n'), err: err.join('\n') };
}

/** The same with `--json`: one object for each line. */
export async function answers(world: World, ...args: readonly string[]): Promise<readonly Record<string, unknown>[]> {
  const { out } = await command(world, ...args, '--json');
  return out === '' ? [] : out.split('\n').map((line) => JSON.parse(line) as Record<string, unknown>);
}

/** Replays as fast as it goes: the rate is for a live ERP. */
export const FAST = ['--rate', '1000000'] as const;
