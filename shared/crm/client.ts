import { Failure } from '../failure.ts';
import type { StateRow } from '../store/index.ts';
import type { Refusal } from './refusals.ts';

export interface CrmClient {
  /** @throws Failure `crm.unavailable` (retried) */
  writeNumbers(state: StateRow): Promise<CrmAnswer>;
}

/**
 * `written`: the CRM itself said 2xx to our own request. `refused`: it will not take them (409, 412 or another 4xx), which is
 * listed, not retried. `unknown-record`: it has no such record any more (404, 410). `unauthorized` (401, 403) and
 * `redirected` (3xx): the record's own, or everybody's.
 */
export type CrmAnswer = 'written' | 'unknown-record' | 'refused' | Refusal;

export interface CrmClientDeps {
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly forgetToken: () => void;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** `PATCH {CRM_API_URL}/customers/{crmId}` and `/contacts/{crmId}` with the numbers and an idempotency key. */
export function createCrmClient({
  url,
  token,
  forgetToken,
  fetch: send = fetch,
  timeoutMs = 15_000,
}: CrmClientDeps): CrmClient {
  return {
    async writeNumbers({ ref, associateNo, customerNo, parentNo }) {
      const numbers =
        ref.kind === 'customer'
          ? { customerNumber: customerNo, actorNumber: associateNo }
          : { actorNumber: associateNo, relatedCustomerActorNumber: parentNo };
      const response = await request(send, `${url.replace(/\/$/, '')}/${ref.kind}s/${encodeURIComponent(ref.crmId)}`, {
        method: 'PATCH',
        headers: {
          'content-type': 'application/json',
          authorization: `Bearer ${await token()}`,
          'idempotency-key': [ref.kind, ref.crmId, ...Object.values(numbers)].join('-'),
        },
        body: JSON.stringify(numbers),
        signal: AbortSignal.timeout(timeoutMs),
        // A sign-in page is no CRM, and a stranger is to have neither token nor numbers.
        redirect: 'manual',
      });
      await response.body?.cancel();
      const { status } = response;
      if (status >= 300 && status < 400) return 'redirected';
      if (response.ok) {
        // A maintenance page, or a proxy's own: the CRM has heard nothing.
        if (isPage(response)) throw new Failure('crm.unavailable', { detail: `HTTP ${status} with a page` });
        return 'written';
      }
      if (status === 404 || status === 410) return 'unknown-record';
      if (status === 401 || status === 403) {
        forgetToken();
        return 'unauthorized';
      }
      if (status === 408 || status === 425 || status === 429 || status >= 500) {
        throw new Failure('crm.unavailable', { detail: `HTTP ${status}`, ...retryAfter(response) });
      }
      return 'refused';
    },
  };
}

async function request(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch {
    // What fetch says may hold the URL; the code says enough.
    throw new Failure('crm.unavailable');
  }
}

const isPage = (response: Response): boolean => /^\s*text\/html\b/i.test(response.headers.get('content-type') ?? '');

/** However long the CRM asks to be left alone: a wish of a day must not keep the numbers for a day. */
const LONGEST_WISH_MS = 10 * 60_000;

/** Seconds, as most send it; a date is left to the own schedule. */
function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, LONGEST_WISH_MS) } : {};
}
