import type { IncomingMessage } from 'node:http';
import type { NullableString } from './core-types.ts';
import type { TriggerData } from './invoke.ts';
import { newTraceContext } from './trace-context.ts';

export interface HttpCall {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly params: Readonly<Record<string, string>>;
  /** Exactly as received. */
  readonly body: Uint8Array;
}

/**
 * A request as the host hands it to a worker with the Node worker's capabilities: header names in lower case, repeated
 * headers and query values joined by commas, the body as raw bytes.
 */
export function toHttpTriggerData({ request, url, params, body }: HttpCall): TriggerData {
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name, Array.isArray(value) ? value.join(',') : (value ?? '')] as const,
  );
  const query = [...new Set(url.searchParams.keys())].map(
    (name) => [name, url.searchParams.getAll(name).join(',')] as const,
  );
  return {
    input: {
      http: {
        method: request.method ?? 'GET',
        url: url.href,
        nullableHeaders: toNullable(headers),
        nullableQuery: toNullable(query),
        nullableParams: toNullable(Object.entries(params)),
        ...(body.byteLength > 0 ? { body: { bytes: body } } : {}),
      },
    },
    triggerMetadata: {},
    traceContext: newTraceContext(header(request, 'traceparent'), header(request, 'tracestate')),
  };
}

/** The first value of a header, if it came. */
export function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function toNullable(entries: readonly (readonly [string, string])[]): Record<string, NullableString> {
  return Object.fromEntries(entries.map(([name, value]) => [name, { value }]));
}
