import path from 'node:path';
import { startFunctionsHost } from '../../../local/functions-host/index.ts';
import { answerUsage } from './usage.ts';

/** The functions host in a process of its own that can be asked what it costs. */

const host = await startFunctionsHost({
  appDir: path.join(import.meta.dirname, '../../..'),
  port: 0,
  log: () => undefined,
});
answerUsage();
process.send?.(host.port);
