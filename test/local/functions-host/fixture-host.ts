/** A host of its own process on the fixture app, for tests that kill it. Its queue function says so and never ends. */
import path from 'node:path';
import { startFunctionsHost, stopOnSignal } from '../../../local/functions-host/index.ts';

const say = (line: string): void => void process.stdout.write(`${line}\n`);

Object.assign(globalThis, {
  fixture: {
    hooks: [],
    run: (name: string) => {
      if (name !== 'work') return undefined;
      say('running');
      return process.env['FIXTURE_HANGS'] === undefined ? undefined : new Promise(() => undefined);
    },
  },
});
const host = await startFunctionsHost({ appDir: path.join(import.meta.dirname, 'fixture'), port: 0, log: say });
stopOnSignal(() => host.stop());
say(`ready on ${host.port}`);
