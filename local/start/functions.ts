import path from 'node:path';
import { startFunctionsHost } from '../functions-host/index.ts';

/**
 * The functions as a process of their own, under `npm start`: settings in the environment, the log on stdout. Unlike
 * local/host.ts it reads no local.settings.json, which may hold the settings of a real company. It ends cleanly when the
 * pipe from its parent closes, however the parent ended; a Ctrl+C, which reaches it too, is the parent's to act on.
 */
process.on('SIGINT', () => undefined);
const parentGone = new Promise<void>((resolve) => process.stdin.resume().once('close', resolve));

const host = await startFunctionsHost({
  appDir: path.join(import.meta.dirname, '../..'),
  port: Number(process.env['PORT']),
  log: (line) => console.log(line),
});
console.log(`listening on http://127.0.0.1:${host.port}`);
await parentGone;
await host.stop();
process.exit(0);
