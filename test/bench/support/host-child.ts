import path from 'node:path';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';

/** The functions host in a process of its own that can be asked what it costs. */

export type UsageCommand = { readonly do: 'usage' };

export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
}

export function usage(): Usage {
  const { user, system } = process.cpuUsage();
  return { cpuMs: (user + system) / 1000, rssMb: process.memoryUsage.rss() / 1_048_576 };
}

const host = await startFunctionsHost({
  appDir: path.join(import.meta.dirname, '../../..'),
  port: 0,
  log: () => undefined,
});
process.on('message', ({ id }: { id: number }) => process.send?.({ id, answer: usage() }));
process.on('disconnect', () => process.exit());
process.send?.(host.port);
