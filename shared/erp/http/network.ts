import * as z from 'zod';

export interface NetworkError {
  /** `no`: the request surely never reached the other side. */
  readonly executed: 'no' | 'unknown';
  readonly kind: 'timeout' | 'network' | 'answer' | 'bug';
  /** A system code or an error's class name, never its message. */
  readonly detail: string;
}

/** Failures while connecting: nothing was sent yet. */
const BEFORE_SENDING = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const withCode = z.object({ code: z.string().regex(/^[A-Z][A-Z0-9_]{1,60}$/) });

/**
 * What a rejected `fetch` (undici) tells. `TypeError: fetch failed` carries the reason as `cause`; a body cut short is a
 * `TypeError: terminated`; an unreadable answer is a `SyntaxError` whose message quotes it, so no message is kept.
 */
export function describeNetworkError(error: unknown): NetworkError {
  if (!(error instanceof Error)) return { executed: 'unknown', kind: 'bug', detail: typeof error };
  if (error.name === 'TimeoutError' || error.name === 'AbortError') {
    return { executed: 'unknown', kind: 'timeout', detail: 'no answer in time' };
  }
  const code = withCode.safeParse(error.cause).data?.code ?? withCode.safeParse(error).data?.code;
  if (code !== undefined) {
    return { executed: BEFORE_SENDING.has(code) ? 'no' : 'unknown', kind: 'network', detail: code };
  }
  if (error instanceof TypeError && /^(fetch failed|Failed to fetch|terminated|NetworkError)/.test(error.message)) {
    return { executed: 'unknown', kind: 'network', detail: 'connection lost' };
  }
  if (error instanceof SyntaxError || /^Invalid execution result/.test(error.message)) {
    return { executed: 'unknown', kind: 'answer', detail: 'unreadable answer' };
  }
  return { executed: 'unknown', kind: 'bug', detail: error.name };
}
