import type { Command } from 'commander';
import type { Tools } from '../context.ts';
import { statusLines } from '../status/print.ts';
import { readStatus } from '../status/read.ts';
import { json } from '../text.ts';

/** `status` */
export function registerStatus(program: Command, { context, act }: Tools): void {
  program
    .command('status')
    .description(
      'Is everything in sync? Flow, pending and failed changes, queues. Exit code 1 when a person is needed.',
    )
    .option('--json', 'for scripts')
    .action(
      act(async (runtime, flags: { readonly json?: boolean }) => {
        const status = await readStatus(runtime);
        context.out(flags.json ? json(status) : statusLines(status, runtime.sync.now()).join('\n'));
        return status.needsPerson ? 1 : 0;
      }),
    );
}
