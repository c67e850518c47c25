/** Starts Azurite and waits to be killed. */
import { startAzurite } from '../../../local/azurite.ts';

const { pid, queuePort } = await startAzurite();
process.stdout.write(`azurite ${pid ?? 0} ${queuePort}\n`);
