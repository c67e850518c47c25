import type * as z from 'zod';
import { Failure } from '../failure.ts';
import type { Gate, Pass } from '../erp/index.ts';
import type { Refusal } from './refusals.ts';

export interface CrmRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'PUT';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly json?: unknown;
}

/** An answer that the caller may read something into: 2xx, or a 4xx that is about the record. */
export interface CrmResponse {
  readonly status: number;
  /** Undefined where there is no body, or none that is JSON. */
  readonly json: unknown;
}

export interface CrmHttpDeps {
  readonly gate: Gate;
  /** Headers that sign the request in. */
  readonly signIn: () => Promise<Readonly<Record<string, string>>>;
  /** The CRM refuses what signed in: it is fetched anew next time. */
  readonly forgetSignIn: () => void;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

export type CrmHttp = (request: CrmRequest) => Promise<CrmResponse>;

const TIMEOUT_MS = 15_000;
/** Without `Retry-After`: longer than the window in which HubSpot counts. */
const SLOW_DOWN_MS = 10_000;
const LONGEST_RETRY_AFTER_S = 3600;

/**
 * One request to a CRM's API, within its limits. What does not concern a single record is thrown: `crm.rate-limited`,
 * `crm.unavailable`, `crm.unauthorized`, `crm.redirected`. No redirect is followed, and no text of the CRM's gets into an error.
 */
export function createCrmHttp(deps: CrmHttpDeps): CrmHttp {
  return async (request) => {
    const headers = await deps.signIn();
    const pass = await deps.gate.enter();
    await pass.start();
    const response = await send(deps, request, headers, pass);
    const { status } = response;
    if (status === 429) {
      const retryAfterMs = retryAfter(response) ?? SLOW_DOWN_MS;
      deps.gate.slowDown(retryAfterMs);
      throw new Failure('crm.rate-limited', { detail: 'HTTP 429', retryAfterMs });
    }
    if (status === 401 || status === 403) {
      deps.forgetSignIn();
      throw new Failure('crm.unauthorized', { detail: `HTTP ${status}` });
    }
    if (status >= 300 && status < 400) throw new Failure('crm.redirected', { detail: `HTTP ${status}` });
    const isAway = status < 200 || status === 408 || status === 425 || status >= 500;
    if (isAway) {
      const retryAfterMs = retryAfter(response);
      throw new Failure('crm.unavailable', {
        detail: `HTTP ${status}`,
        ...(retryAfterMs !== null && { retryAfterMs }),
      });
    }
    return { status, json: parsed(response.text) };
  };
}

interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

async function send(
  { fetch: ask = fetch, timeoutMs = TIMEOUT_MS }: CrmHttpDeps,
  { method, url, headers, json }: CrmRequest,
  signIn: Readonly<Record<string, string>>,
  pass: Pass,
): Promise<Received> {
  let isAnswered = false;
  try {
    const response = await ask(url, {
      method,
      redirect: 'manual',
      headers: {
        accept: 'application/json',
        ...(json !== undefined && { 'content-type': 'application/json' }),
        ...signIn,
        ...headers,
      },
      ...(json !== undefined && { body: JSON.stringify(json) }),
      signal: AbortSignal.timeout(timeoutMs),
    });
    const text = await response.text();
    isAnswered = true;
    return { status: response.status, headers: response.headers, text };
  } catch {
    // What fetch says may hold the URL; the code says enough.
    throw new Failure('crm.unavailable', { detail: 'no answer' });
  } finally {
    pass.leave(isAnswered ? 'answered' : 'abandoned');
  }
}

/** Seconds, as most send it; a date is left to the own schedule. */
function retryAfter({ headers }: Received): number | null {
  const seconds = Number(headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, LONGEST_RETRY_AFTER_S) * 1000 : null;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The JSON of an answer in the expected shape. @throws Failure `crm.unavailable`: an error page is no answer. */
export function expectShape<T>(answer: CrmResponse, schema: z.ZodType<T>): T {
  const result = schema.safeParse(answer.json);
  if (result.success) return result.data;
  throw new Failure('crm.unavailable', { detail: `HTTP ${answer.status} in an unknown form` });
}

/** For a write: a no that may be one record's own is an answer, and whoever writes judges whether others meet it too. */
export async function orRefusal<T>(write: () => Promise<T>): Promise<T | Refusal> {
  try {
    return await write();
  } catch (error) {
    if (error instanceof Failure && error.code === 'crm.unauthorized') return 'unauthorized';
    if (error instanceof Failure && error.code === 'crm.redirected') return 'redirected';
    throw error;
  }
}
