import { createHmac } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { HubspotEvent } from './store.ts';

export interface HubspotWebhooksOptions {
  readonly url: string;
  /** The target URL as HubSpot has it: it is signed. Default: `url`. */
  readonly signedUrl?: string;
  readonly secret: string;
  readonly now?: () => number;
  readonly wait?: (ms: number) => Promise<unknown>;
  /** Tries after the first that failed; HubSpot makes ten, spread over a day. */
  readonly retries?: number;
  readonly send?: typeof fetch;
}

export interface HubspotDelivery {
  readonly events: number;
  readonly status: number;
  readonly attempts: number;
}

const MOST_EVENTS = 100;

/** One attempt, signed as HubSpot signs: method, URL, body, milliseconds. */
export function signedHeaders(url: string, body: string, secret: string, now: number): Record<string, string> {
  const timestamp = String(now);
  return {
    'content-type': 'application/json',
    'x-hubspot-request-timestamp': timestamp,
    'x-hubspot-signature-v3': createHmac('sha256', secret).update(`POST${url}${body}${timestamp}`).digest('base64'),
  };
}

/** Sends events in arrays of up to 100, again after anything but a 2xx. */
export async function deliver(
  events: readonly HubspotEvent[],
  { url, signedUrl = url, secret, now = Date.now, wait = sleep, retries = 10, send = fetch }: HubspotWebhooksOptions,
): Promise<readonly HubspotDelivery[]> {
  const deliveries: HubspotDelivery[] = [];
  for (let from = 0; from < events.length; from += MOST_EVENTS) {
    const some = events.slice(from, from + MOST_EVENTS);
    for (let attempts = 1; ; attempts += 1) {
      const body = JSON.stringify(some.map((event) => ({ ...event, attemptNumber: attempts - 1 })));
      const status = await post(send, url, body, signedHeaders(signedUrl, body, secret, now()));
      if ((status >= 200 && status < 300) || attempts > retries) {
        deliveries.push({ events: some.length, status, attempts });
        break;
      }
      await wait(Math.min(10_000, 200 * 2 ** attempts));
    }
  }
  return deliveries;
}

async function post(send: typeof fetch, url: string, body: string, headers: Record<string, string>): Promise<number> {
  try {
    const response = await send(url, { method: 'POST', headers, body, signal: AbortSignal.timeout(5_000) });
    await response.body?.cancel();
    return response.status;
  } catch {
    return 0;
  }
}
