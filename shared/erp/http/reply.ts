import * as z from 'zod';
import { Failure, type FailureCode } from '../../failure.ts';
import { readErrors, type ErpError, type ErrorTheme } from './erp-error.ts';

/** What came of one request. A write may be tried again only after `refused`; after `lost` it may have happened. */
export type Reply =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly failure: Failure }
  | { readonly kind: 'lost'; readonly failure: Failure };

export interface Answer {
  /** The fields below `useCompany`, or below the root where a document has no `useCompany`; unchecked. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly errors: readonly ErpError[];
  readonly traceId?: string;
}

/** An HTTP answer as far as it matters here. */
export interface RawAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly data?: unknown;
  readonly errors?: unknown;
  readonly extensions?: unknown;
}

const record = z.record(z.string(), z.unknown());
const traced = z.object({ 'vbnxt-trace-id': z.string() });
const TRACE_ID = /^[\w.:|=-]{1,100}$/;

/** The id Visma's support asks for: in the body's `extensions`, or the header `x-vbc-traceid`. */
export function traceIdOf({ headers, extensions }: RawAnswer): string | undefined {
  const id = traced.safeParse(extensions).data?.['vbnxt-trace-id'] ?? headers.get('x-vbc-traceid') ?? undefined;
  return id !== undefined && TRACE_ID.test(id) ? id : undefined;
}

/**
 * How many things `extensions` warns of (an empty update, a deprecated column): arrays count their entries, anything
 * else but the trace id counts as one. What they say may quote a record, so it goes nowhere.
 */
export function warningsIn({ extensions }: RawAnswer): number {
  const entries = Object.entries(record.safeParse(extensions).data ?? {}).filter(([key]) => key !== 'vbnxt-trace-id');
  return entries.reduce(
    (sum, [, value]) => sum + (Array.isArray(value) ? value.length : value === null || value === undefined ? 0 : 1),
    0,
  );
}

/** Judges an answer that did arrive. HTTP 200 is the normal status of failures too. `now`: milliseconds. */
export function judgeAnswer(raw: RawAnswer, now: number): Reply {
  const id = traceIdOf(raw);
  const trace = id === undefined ? {} : { traceId: id };
  const refused = (code: FailureCode, details = {}): Reply => ({
    kind: 'refused',
    failure: new Failure(code, { ...trace, ...details }),
  });
  const lost = (code: FailureCode, details = {}): Reply => ({
    kind: 'lost',
    failure: new Failure(code, { ...trace, ...details }),
  });
  const retryAfterMs = readRetryAfter(raw.headers, now);
  const later = retryAfterMs === undefined ? {} : { retryAfterMs };

  const errors = raw.errors === undefined ? [] : readErrors(raw.errors);
  // An error that names a row is about that row, whatever its wording.
  const has = (theme: ErrorTheme) => errors.some((error) => error.theme === theme && error.row === undefined);
  if (raw.status === 401) return refused('erp.unauthorized', { detail: 'HTTP 401' });
  if (raw.status === 403) return refused('erp.forbidden', { detail: 'HTTP 403' });
  if (raw.status === 429) return refused('erp.rate-limited', later);
  const fields = fieldsOf(raw.data);
  const empty = Object.values(fields).every((field) => field === null);
  if (empty && has('outstanding')) return refused('erp.outstanding-limit', later);
  if (empty && has('schema')) return refused('erp.schema', { detail: 'the ERP does not accept the operation' });
  if (raw.status === 408 || raw.status >= 500)
    return lost('erp.unavailable', { detail: `HTTP ${raw.status}`, ...later });
  if (raw.status === 404 || (raw.status >= 300 && raw.status < 400)) {
    return refused('erp.unavailable', { detail: `HTTP ${raw.status} at NXT_GRAPHQL_URL` });
  }
  if (raw.status >= 400) return refused('erp.unavailable', { detail: `HTTP ${raw.status}` });
  if (empty && has('timeout')) return lost('erp.timeout', { detail: 'the ERP gave up' });
  if (empty && has('access')) return refused('erp.no-company-access');
  if (errors.length === 0 && Object.keys(fields).length === 0)
    return lost('erp.unavailable', { detail: 'an answer without data' });
  return { kind: 'answered', answer: { fields, errors, ...trace } };
}

function fieldsOf(data: unknown): Record<string, unknown> {
  const root = record.safeParse(data).data ?? {};
  if (!('useCompany' in root)) return root;
  return record.safeParse(root['useCompany']).data ?? {};
}

/** Whoever asks for more than this is mistaken, or means somebody else; we ask again. */
const LONGEST_RETRY_AFTER_MS = 10 * 60_000;

/** Seconds or an HTTP date (RFC 9110 section 10.2.3), as milliseconds from `now`, ten minutes at most. */
function readRetryAfter(headers: Headers, now: number): number | undefined {
  const text = headers.get('retry-after');
  if (text === null) return undefined;
  const ms = /^\d{1,12}$/.test(text.trim()) ? Number(text) * 1000 : Date.parse(text) - now;
  return Number.isFinite(ms) && ms >= 0 ? Math.min(ms, LONGEST_RETRY_AFTER_MS) : undefined;
}

/** The failure of an answered request none of whose rows is at stake (a read), or of one row. */
export function failureOf(error: ErpError | undefined, traceId: string | undefined): Failure {
  const trace = traceId === undefined ? {} : { traceId };
  const name = error?.statusName ?? (error?.status === undefined ? undefined : `status ${error.status}`);
  const detail = name === undefined ? {} : { detail: name };
  switch (error?.theme) {
    case 'outstanding':
      return new Failure('erp.outstanding-limit', trace);
    case 'interval-full':
      return new Failure('erp.number-interval-full', { ...detail, ...trace });
    case 'too-long':
      return new Failure('value.too-long', { ...detail, ...trace });
    case 'in-use':
      return new Failure('erp.number-in-use', { ...detail, ...trace });
    case 'schema':
    case 'access':
    case 'other':
      if (name === undefined && error.row === undefined) break;
      return new Failure('erp.row-refused', { detail: name ?? 'no status name', ...trace });
    case 'timeout':
    case 'passing':
    case undefined:
      break;
  }
  return new Failure('erp.unknown', { ...detail, ...trace });
}
