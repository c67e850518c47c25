import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SuperofficeEvent } from './store.ts';

export interface SuperofficeWebhookOptions {
  readonly url: string;
  readonly secret: string;
  readonly wait?: (ms: number) => Promise<unknown>;
  readonly send?: typeof fetch;
}

export function signedHeaders(body: string, secret: string, event: SuperofficeEvent): Record<string, string> {
  return {
    'content-type': 'application/json',
    'x-superoffice-signature': createHmac('sha256', secret).update(body).digest('base64'),
    'x-superoffice-event': event.Event,
    'x-superoffice-eventid': event.EventId,
  };
}

/** Seconds before each try of a cycle; after three the event is lost. */
const TRIES = [0, 1, 4];

/** One request an event; how many were taken. */
export async function deliver(
  events: readonly SuperofficeEvent[],
  { url, secret, wait = sleep, send = fetch }: SuperofficeWebhookOptions,
): Promise<number> {
  let taken = 0;
  for (const event of events) {
    for (const seconds of TRIES) {
      if (seconds > 0) await wait(seconds * 1000);
      const body = JSON.stringify(event);
      const response = await send(url, { method: 'POST', headers: signedHeaders(body, secret, event), body }).catch(
        () => null,
      );
      await response?.body?.cancel();
      if (response?.status === 200) {
        taken += 1;
        break;
      }
    }
  }
  return taken;
}
