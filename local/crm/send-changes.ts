import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Webhook } from 'standardwebhooks';
import type { CrmEvent } from './change-events.ts';

export interface SendChangesOptions {
  /** `…/api/webhooks/crm`. */
  readonly url: string;
  /** `whsec_…`. */
  readonly secret: string;
  /** Sent in this order; an inner list goes as one request. */
  readonly events: readonly (CrmEvent | readonly CrmEvent[])[];
  /** Requests in progress at a time. 1, the default, keeps the order. */
  readonly inFlight?: number;
  /** Further tries after a network error, 429 or 5xx. */
  readonly retries?: number;
  /** Milliseconds until the receiver's answer is no longer waited for. */
  readonly timeoutMs?: number;
  /** Milliseconds before the n-th further try (from 1), unless the answer names its own. */
  readonly pauseMs?: (attempt: number) => number;
  readonly now?: () => Date;
  readonly wait?: (ms: number) => Promise<unknown>;
}

/** How one request ended. */
export interface ChangeAnswer {
  readonly messageId: string;
  readonly attempts: number;
  /** 0 when no answer ever came. */
  readonly status: number;
  /** JSON where it is JSON, else text. */
  readonly body: unknown;
}

type Defaulted = Required<SendChangesOptions>;

interface Reply {
  readonly status: number;
  readonly body: unknown;
  readonly retryAfterMs: number | undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

async function post(messageId: string, payload: string, options: Defaulted): Promise<Reply> {
  // Signed anew for each try: a receiver refuses time stamps older than five minutes.
  const at = options.now();
  try {
    const response = await fetch(options.url, {
      method: 'POST',
      headers: {
        'content-type': 'application/json',
        'webhook-id': messageId,
        'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
        'webhook-signature': new Webhook(options.secret).sign(messageId, at, payload),
      },
      body: payload,
      signal: AbortSignal.timeout(options.timeoutMs),
    });
    const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
    const retryAfterMs = Number.isFinite(seconds) ? seconds * 1000 : undefined;
    return { status: response.status, body: parsed(await response.text()), retryAfterMs };
  } catch (error) {
    return { status: 0, body: error instanceof Error ? error.name : 'unknown', retryAfterMs: undefined };
  }
}

const again = (status: number) => status === 0 || status === 429 || status >= 500;

async function deliver(events: CrmEvent | readonly CrmEvent[], options: Defaulted): Promise<ChangeAnswer> {
  const messageId = `msg_${randomUUID()}`;
  const payload = JSON.stringify(events);
  for (let attempts = 1; ; attempts++) {
    const { status, body, retryAfterMs } = await post(messageId, payload, options);
    if (!again(status) || attempts > options.retries) return { messageId, attempts, status, body };
    await options.wait(retryAfterMs ?? options.pauseMs(attempts));
  }
}

/**
 * Sends changes as a CRM does: Standard Webhooks, signed, tried again after a network error, 429 or 5xx. Returns one
 * answer per request, in the order of `events`; never throws for what the receiver does.
 */
export async function sendChanges(given: SendChangesOptions): Promise<readonly ChangeAnswer[]> {
  const options: Defaulted = {
    inFlight: 1,
    retries: 5,
    timeoutMs: 30_000,
    pauseMs: (attempt) => Math.min(10_000, 100 * 2 ** attempt),
    now: () => new Date(),
    wait: (ms) => sleep(ms),
    ...given,
  };
  const answers: ChangeAnswer[] = [];
  const queue = options.events.entries();
  const worker = async () => {
    // The iterator is shared: each worker takes what is next.
    for (const [n, events] of queue) answers[n] = await deliver(events, options);
  };
  await Promise.all(Array.from({ length: Math.max(1, options.inFlight) }, worker));
  return answers;
}
