import { createHash, timingSafeEqual } from 'node:crypto';

export interface HttpKeys {
  /** `HOST_FUNCTION_KEY`; unset: no key opens a function-level route. */
  readonly functionKey: string | undefined;
  /** `HOST_MASTER_KEY`; opens admin-level and function-level routes. */
  readonly masterKey: string | undefined;
}

/** Whether a request with `given` (header `x-functions-key`, else `?code=`) may call a function of this level. */
export function isAuthorized(authLevel: string, given: string | undefined, keys: HttpKeys): boolean {
  switch (authLevel.toLowerCase()) {
    case 'anonymous':
      return true;
    case 'function':
      return isSame(given, keys.functionKey) || isSame(given, keys.masterKey);
    default:
      return isSame(given, keys.masterKey);
  }
}

/** Hashes first: equal lengths, and a comparison whose time tells nothing. */
function isSame(given: string | undefined, key: string | undefined): boolean {
  if (given === undefined || key === undefined || key === '') return false;
  const hash = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(hash(given), hash(key));
}
