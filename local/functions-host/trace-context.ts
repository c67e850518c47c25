import { randomBytes } from 'node:crypto';
import type { TraceContext } from './core-types.ts';

const TRACE_PARENT = /^00-([0-9a-f]{32})-[0-9a-f]{16}-([0-9a-f]{2})$/;

/** A new span, in the caller's trace when it sent a W3C `traceparent`. https://www.w3.org/TR/trace-context/ */
export function newTraceContext(traceParent?: string, traceState?: string): TraceContext {
  const parent = TRACE_PARENT.exec(traceParent ?? '');
  const traceId = parent?.[1] ?? randomBytes(16).toString('hex');
  return {
    traceParent: `00-${traceId}-${randomBytes(8).toString('hex')}-${parent?.[2] ?? '00'}`,
    traceState: parent === null ? '' : (traceState ?? ''),
    attributes: {},
  };
}
