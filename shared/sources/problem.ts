/** An answer to an HTTP request, whatever serves it. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ProblemDetails {
  /** JSON pointers (RFC 6901) of the bad fields in the request. */
  readonly pointers?: readonly string[];
  /** Seconds. */
  readonly retryAfter?: number;
}

/**
 * The one form of an error: problem+json (RFC 9457, https://www.rfc-editor.org/rfc/rfc9457). Code and title are fixed
 * texts of this program; no value, no secret and no stack has a way in.
 */
export function problem(code: string, status: number, title: string, details: ProblemDetails = {}): HttpAnswer {
  const { pointers, retryAfter } = details;
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'cache-control': 'no-store',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    },
    body: JSON.stringify({ type: 'about:blank', title, status, code, ...(pointers && { pointers }) }),
  };
}
