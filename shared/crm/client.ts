import { Failure } from '../failure.ts';
import type { StateRow } from '../store/index.ts';

export interface CrmClient {
  /**
   * `refused`: the CRM will not take them (409, 412 or another 4xx), which is listed, not retried; `unknown-record`: it has no such
   * record any more (404, 410). @throws Failure `crm.unauthorized` (configuration) or `crm.unavailable` (retried).
   */
  writeNumbers(state: StateRow): Promise<'written' | 'unknown-record' | 'refused'>;
}

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
      });
      await response.body?.cancel();
      const { status } = response;
      if (response.ok) return 'written';
      if (status === 404 || status === 410) return 'unknown-record';
      if (status === 401 || status === 403) {
        forgetToken();
        throw new Failure('crm.unauthorized', { detail: `HTTP ${status}` });
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

/** Seconds, as most send it; a date is left to the own schedule. */
function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds, 3600) * 1000 } : {};
}
