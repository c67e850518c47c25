import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import type { Clock } from './clock.ts';
import { describeNetworkError } from './network.ts';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface TokenDeps {
  readonly settings: Pick<Settings, 'VISMA_TOKEN_URL' | 'VISMA_SCOPE' | 'VISMA_TENANT_ID' | 'NXT_TIMEOUT_SECONDS'>;
  readonly credentials: () => Promise<Credentials>;
  /** Fetches them past every cache: the secret may have been rotated. */
  readonly refreshCredentials: () => Promise<Credentials>;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
}

export interface Tokens {
  /** An access token good for at least a minute, or a `Failure` (`token.…`, `secrets.…`). */
  get(): Promise<string>;
  /** The ERP refused this token; the next `get` fetches another. */
  drop(token: string): void;
}

/** Renewed this long before it ends. */
const MARGIN_MS = 60_000;
/** Used when the answer names no lifetime, as public clients of Visma Connect do. */
const DEFAULT_LIFETIME_S = 3600;

const granted = z.object({
  access_token: z.string().min(1),
  expires_in: z.coerce.number().positive().catch(DEFAULT_LIFETIME_S),
});
const denied = z.object({ error: z.string().regex(/^[a-z_]{1,40}$/) });

/** Client-credentials tokens of Visma Connect: one request in flight, cached until a minute before they end. */
export function createTokens(deps: TokenDeps): Tokens {
  let current: { readonly token: string; readonly usableUntil: number } | undefined;
  let inFlight: Promise<string> | undefined;

  const fetchToken = async (): Promise<string> => {
    const first = await request(deps, await deps.credentials());
    const answer = first === 'invalid-client' ? await request(deps, await deps.refreshCredentials()) : first;
    if (answer === 'invalid-client') throw new Failure('token.invalid-client');
    current = {
      token: answer.access_token,
      usableUntil: deps.clock.now() + answer.expires_in * 1000 - MARGIN_MS,
    };
    return current.token;
  };

  return {
    get: async () => {
      if (current !== undefined && deps.clock.now() < current.usableUntil) return current.token;
      inFlight ??= fetchToken().finally(() => {
        inFlight = undefined;
      });
      return inFlight;
    },
    drop: (token) => {
      if (current?.token === token) current = undefined;
    },
  };
}

type Granted = z.infer<typeof granted>;

async function request(deps: TokenDeps, credentials: Credentials): Promise<Granted | 'invalid-client'> {
  const { settings } = deps;
  const form = new URLSearchParams({ grant_type: 'client_credentials', scope: settings.VISMA_SCOPE });
  if (settings.VISMA_TENANT_ID !== undefined) form.set('tenant_id', settings.VISMA_TENANT_ID);
  let response: Response;
  let body: unknown;
  try {
    response = await deps.fetch(settings.VISMA_TOKEN_URL, {
      method: 'POST',
      headers: { authorization: basic(credentials), accept: 'application/json' },
      body: form,
      redirect: 'error',
      signal: deps.clock.timeout(settings.NXT_TIMEOUT_SECONDS * 1000),
    });
    body = await response.json().catch(() => undefined);
  } catch (error) {
    throw new Failure('token.unreachable', { detail: describeNetworkError(error).detail });
  }
  return judge(response.status, body);
}

/** RFC 6749 section 2.3.1: both parts are form-encoded before they are joined. */
function basic({ clientId, clientSecret }: Credentials): string {
  const joined = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(joined).toString('base64')}`;
}

function judge(status: number, body: unknown): Granted | 'invalid-client' {
  const token = granted.safeParse(body);
  if (status === 200 && token.success) return token.data;
  const error = denied.safeParse(body).data?.error;
  if (error === 'invalid_client') return 'invalid-client';
  if (error === 'invalid_scope') throw new Failure('token.invalid-scope');
  if (status === 429 || status >= 500 || status === 200 || status === 408) {
    throw new Failure('token.unreachable', { detail: `HTTP ${status}` });
  }
  if (error === undefined && status === 401) return 'invalid-client';
  throw new Failure('token.refused', { detail: error ?? `HTTP ${status}` });
}
