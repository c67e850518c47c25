import type { IncomingMessage } from 'node:http';
import type { NullableString, TypedData } from './core-types.ts';
import type { TriggerData } from './invoke.ts';
import { newTraceContext } from './trace-context.ts';

/** A request and what its route says of it. */
export interface RoutedCall {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
}

export interface HttpCall extends RoutedCall {
  /** Exactly as received. */
  readonly body: Uint8Array;
}

/**
 * A request as the host hands it to a worker with the Node worker's capabilities: header names in lower case, repeated
 * headers and query values joined by commas, the body as raw bytes.
 */
export function toHttpTriggerData({ request, url, params, body }: HttpCall): TriggerData {
  return {
    input: {
      http: {
        method: request.method ?? 'GET',
        url: url.href,
        nullableHeaders: toNullable(headersOf(request)),
        nullableQuery: toNullable(queryOf(url)),
        nullableParams: toNullable(Object.entries(params)),
        ...(body.byteLength > 0 ? { body: { bytes: body } } : {}),
      },
    },
    triggerMetadata: {},
    traceContext: traceContextOf(request),
  };
}

/** The same for an app that gets the request itself as a stream: what it is told beside that. */
export function toStreamTriggerData({ request, url, params }: RoutedCall): TriggerData {
  const toJson = (entries: readonly (readonly [string, string])[]): TypedData => ({
    json: JSON.stringify(Object.fromEntries(entries)),
  });
  return {
    input: { http: { method: request.method ?? 'GET', url: url.href } },
    triggerMetadata: {
      ...Object.fromEntries(Object.entries(params).map(([name, value]) => [name, { string: value }])),
      Headers: toJson(headersOf(request)),
      Query: toJson(queryOf(url)),
    },
    traceContext: traceContextOf(request),
  };
}

/** Names in lower case; a header that came twice is joined by a comma without a blank, as the host does. */
export function headersOf({ rawHeaders }: IncomingMessage): (readonly [string, string])[] {
  const headers = new Map<string, string>();
  for (let at = 0; at < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at]?.toLowerCase(), rawHeaders[at + 1]];
    const before = headers.get(name);
    headers.set(name, before === undefined ? value : `${before},${value}`);
  }
  return [...headers];
}

/** The first value of a header, if it came. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

const queryOf = (url: URL): (readonly [string, string])[] =>
  [...new Set(url.searchParams.keys())].map((name) => [name, url.searchParams.getAll(name).join(',')]);

const traceContextOf = (request: IncomingMessage) =>
  newTraceContext(header(request, 'traceparent'), header(request, 'tracestate'));

function toNullable(entries: readonly (readonly [string, string])[]): Record<string, NullableString> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
