import { createHash, timingSafeEqual } from 'node:crypto';

export interface HttpKeys {
  /** `HOST_FUNCTION_KEY`; unset: no key opens a function-level route. */
  readonly functionKey: string | undefined;
  /** `HOST_FUNCTION_KEY__<name>`: the key of one function, as Azure gives each its own. */
  readonly ownKeys?: Readonly<Record<string, string>>;
  /** `HOST_MASTER_KEY`; opens admin-level and function-level routes. */
  readonly masterKey: string | undefined;
}

/** Whether a request with `given` (header `x-functions-key`, else `?code=`) may call a function of this level. */
export function isAuthorized(authLevel: string, given: string | undefined, keys: HttpKeys, name = ''): boolean {
  switch (authLevel.toLowerCase()) {
    case 'anonymous':
      return true;
    case 'function':
      return [keys.ownKeys?.[name], keys.functionKey, keys.masterKey].some((key) => isSame(given, key));
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
