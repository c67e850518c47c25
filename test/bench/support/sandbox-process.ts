import type { Counters, SandboxOptions } from '../../../local/nxt/index.ts';
import { startChild } from './child.ts';
import type { ErpAddress } from './engine.ts';
import type { Verified } from './verify.ts';

export type SandboxCommand =
  | { readonly do: 'seed'; readonly from: number; readonly to: number }
  | { readonly do: 'reset' | 'summary' | 'arrivals' }
  | { readonly do: 'refuse'; readonly nameContains: string }
  | { readonly do: 'latency'; readonly ms: number }
  | { readonly do: 'verify'; readonly from: number; readonly to: number; readonly version: number };

export interface SandboxSummary {
  readonly counts: Counters;
  readonly maxPerMinute: number;
  readonly maxInProgress: number;
  readonly doubles: number;
  readonly cpuMs: number;
}

export interface SandboxProcess extends ErpAddress {
  tell(command: SandboxCommand): Promise<void>;
  summary(): Promise<SandboxSummary>;
  verify(from: number, to: number, version?: number): Promise<Verified>;
  /** Time and number of operations of the latest requests (the sandbox keeps some ten thousand). */
  arrivals(): Promise<readonly (readonly [at: number, operations: number])[]>;
  stop(): Promise<void>;
}

/** Limits as in reality: 600 a minute, 60 in progress, 100 ms for each answer. */
export const AS_IN_REALITY: SandboxOptions = { requestsPerMinute: 600, maxInProgress: 60, latencyMs: 100 };

export async function startSandboxProcess(options: SandboxOptions = AS_IN_REALITY): Promise<SandboxProcess> {
  const child = await startChild<ErpAddress>('sandbox-child.ts', { args: [JSON.stringify(options)] });
  const ask = <Answer>(command: SandboxCommand) => child.ask<Answer>(command);
  return {
    ...child.ready,
    tell: async (command) => {
      await ask<null>(command);
    },
    summary: () => ask<SandboxSummary>({ do: 'summary' }),
    verify: (from, to, version = 1) => ask<Verified>({ do: 'verify', from, to, version }),
    arrivals: () => ask({ do: 'arrivals' }),
    stop: () => child.stop(),
  };
}
