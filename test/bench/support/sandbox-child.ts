import { startNxtSandbox, type SandboxOptions } from '../../../local/nxt/index.ts';
import { verifyCustomers } from './verify.ts';
import { knownRow, range } from './records.ts';
import type { SandboxCommand } from './sandbox-process.ts';

/** The ERP's sandbox in a process of its own, so that its work is not counted as the program's. */

const options = JSON.parse(process.argv[2] ?? '{}') as SandboxOptions;
const sandbox = await startNxtSandbox(options);
const { graphqlUrl, tokenUrl, companyNo, clientId } = sandbox;
process.send?.({ graphqlUrl, tokenUrl, companyNo, clientId });

/** Arrival times are kept here from one `summary` to the next reset: the sandbox's own log is short. */
function carryOut(command: SandboxCommand): unknown {
  switch (command.do) {
    case 'seed':
      sandbox.seed(range(command.from, command.to).map(knownRow));
      return null;
    case 'reset':
      sandbox.reset();
      return null;
    case 'refuse':
      sandbox.faults.add({ do: 'row-error', nameContains: command.nameContains });
      return null;
    case 'latency':
      sandbox.faults.latencyMs = command.ms;
      return null;
    case 'verify':
      return verifyCustomers(sandbox.rows(), command.from, command.to, command.version);
    case 'arrivals':
      return sandbox.requests.log
        .filter(({ operations }) => operations > 0)
        .map(({ at, operations }) => [at, operations]);
    case 'summary': {
      const { counts, maxPerMinute, maxInProgress } = sandbox.requests;
      const { user, system } = process.cpuUsage();
      return { counts, maxPerMinute, maxInProgress, doubles: sandbox.doubles().length, cpuMs: (user + system) / 1000 };
    }
  }
}

process.on('message', (message: { id: number; command: SandboxCommand }) => {
  process.send?.({ id: message.id, answer: carryOut(message.command) });
});
process.on('disconnect', () => process.exit());
