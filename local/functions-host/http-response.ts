import type { ServerResponse } from 'node:http';
import type { HttpCookie, HttpData, TypedData } from './core-types.ts';

/** Sends what a function returned: 204 for nothing, 500 with an empty body for what is no HTTP response. */
export function sendHttpResponse(response: ServerResponse, returned: TypedData | null | undefined): void {
  if (returned === null || returned === undefined) {
    response.writeHead(204).end();
  } else if (returned.http === null || returned.http === undefined) {
    response.writeHead(500).end();
  } else {
    sendHttp(response, returned.http);
  }
}

function sendHttp(response: ServerResponse, http: HttpData): void {
  response.statusCode = Number(http.statusCode ?? 200);
  for (const [name, value] of Object.entries(http.headers ?? {})) response.setHeader(name, value);
  const cookies = (http.cookies ?? []).map(toSetCookie);
  if (cookies.length > 0) response.setHeader('set-cookie', cookies);
  response.end(toBytes(http.body));
}

function toBytes(body: TypedData | null | undefined): Uint8Array {
  if (body?.bytes) return body.bytes;
  return Buffer.from(body?.string ?? body?.json ?? '', 'utf8');
}

/** https://www.rfc-editor.org/rfc/rfc6265#section-4.1 */
function toSetCookie(cookie: HttpCookie): string {
  const parts = [`${cookie.name ?? ''}=${encodeURIComponent(cookie.value ?? '')}`];
  const add = (name: string, value: string | number | null | undefined): void => {
    if (value !== null && value !== undefined) parts.push(`${name}=${value}`);
  };
  add('Domain', cookie.domain?.value);
  add('Path', cookie.path?.value);
  const expires = cookie.expires?.value?.seconds;
  if (expires !== null && expires !== undefined) add('Expires', new Date(expires * 1000).toUTCString());
  add('Max-Age', cookie.maxAge?.value);
  if (cookie.secure?.value === true) parts.push('Secure');
  if (cookie.httpOnly?.value === true) parts.push('HttpOnly');
  const sameSite = { none: undefined, lax: 'Lax', strict: 'Strict', explicitNone: 'None' }[cookie.sameSite ?? 'none'];
  add('SameSite', sameSite);
  return parts.join('; ');
}
