import { queuesWithoutSettings } from '../../shared/runtime.ts';
import type { Queues } from '../../shared/queues/index.ts';

const HOLD_SECONDS = 60;

/** With wrong settings a message is sent anew, later: waiting for a person must not spend the platform's tries. */
export async function hold(send: (queues: Queues, delaySeconds: number) => Promise<void>): Promise<void> {
  await send(await queuesWithoutSettings(process.env), HOLD_SECONDS);
}
