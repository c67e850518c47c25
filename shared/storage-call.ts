import { setTimeout as sleep } from 'node:timers/promises';
import { Failure } from './failure.ts';
import { LimitError, withLimit } from './limit.ts';

/** How long a call to storage may take, in milliseconds, and how often it is tried. */
export interface CallLimits {
  readonly tryMs: number;
  /** After so long no further try begins. */
  readonly lastTryMs: number;
  readonly tries: number;
}

/** One operation on storage, within its limits. The signal belongs into the options of the SDK's call. */
export type StorageCall = <T>(work: (abortSignal: AbortSignal) => Promise<T>) => Promise<T>;

/** Short: a caller that still wants the answer is a CRM, a person at a terminal, or a message that comes again. */
const LIMITS: CallLimits = { tryMs: 4_000, lastTryMs: 4_500, tries: 3 };
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 1_000;

/**
 * The SDKs wait without limit for an answer, and as long as storage asks them to before they try again; their own tries
 * are therefore turned off (`connectStorage`), and made here.
 */
function createStorageCall({ tryMs, lastTryMs, tries }: CallLimits = LIMITS): StorageCall {
  return async (work) => {
    const started = performance.now();
    for (let n = 1; ; n += 1) {
      try {
        return await withLimit(tryMs, work);
      } catch (error) {
        const pause = retryAfterMs(error) ?? FIRST_PAUSE_MS * 2 ** (n - 1);
        const isWorthIt = isTransient(error) && pause <= LONGEST_PAUSE_MS && n < tries;
        if (!isWorthIt || performance.now() - started + pause > lastTryMs) throw error;
        await sleep(pause);
      }
    }
  };
}

export const storageCall: StorageCall = createStorageCall();

/** HTTP status of a storage error, 0 where no answer came; null for what is no storage error. */
export function storageStatus(error: unknown): number | null {
  if (!(error instanceof Error) || error.name !== 'RestError') return null;
  return 'statusCode' in error && typeof error.statusCode === 'number' ? error.statusCode : 0;
}

/** Storage's own word for an error, such as `TableNotFound`; the two SDKs put it in different places. */
function storageCode(error: unknown): string {
  if (!(error instanceof Error)) return '';
  const details = 'details' in error && typeof error.details === 'object' ? error.details : null;
  const odata = details && 'odataError' in details ? details.odataError : null;
  const own = odata && typeof odata === 'object' && 'code' in odata ? odata.code : null;
  if (typeof own === 'string') return own;
  return 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** A table or queue that is not there is no missing row: somebody deleted it, or it was never made. */
export const isContainerGone = (error: unknown): boolean =>
  /^(?:Table|Queue)(?:NotFound|BeingDeleted)$/.test(storageCode(error));

/** What the SDKs of the identity throw: no token, so no storage. */
const IDENTITY_ERRORS = ['CredentialUnavailableError', 'AuthenticationError', 'AggregateAuthenticationError'];

/**
 * True when storage, not this program, is at fault: unreachable, too slow, throttled or broken, its account refused (a
 * role, a key, a firewall), or a table or queue lost.
 */
export function isStorageFault(error: unknown): boolean {
  if (error instanceof LimitError) return true;
  const status = storageStatus(error);
  if (status !== null) return isTransient(error) || status === 401 || status === 403 || isContainerGone(error);
  return error instanceof Error && (error.name === 'AbortError' || IDENTITY_ERRORS.includes(error.name));
}

function isTransient(error: unknown): boolean {
  if (error instanceof LimitError) return true;
  const status = storageStatus(error);
  return status !== null && (status === 0 || status === 408 || status === 429 || status >= 500);
}

/** For callers that answer in failure codes; storage's wish when to come again is handed on. */
export function asStorageFailure(error: unknown): Failure {
  const wish = retryAfterMs(error);
  return new Failure('storage.unavailable', wish === undefined ? {} : { retryAfterMs: wish });
}

/** `Retry-After` of a storage error, milliseconds; storage sends seconds. */
function retryAfterMs(error: unknown): number | undefined {
  if (!(error instanceof Error) || !('response' in error)) return undefined;
  const { response } = error as { response?: { headers?: { get(name: string): string | undefined } } };
  const seconds = Number(response?.headers?.get('retry-after') ?? NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1000 : undefined;
}
