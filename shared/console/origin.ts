/** A request as the check sees it: header names in lower case. */
export interface Sent {
  readonly url: string;
  readonly header: (name: string) => string | null;
}

/**
 * Whether a change was asked for by this console's own page, or by a program. A browser says where a request comes from
 * (`Sec-Fetch-Site`, `Origin`) and no page can make it lie; a form of another site is so found out. What says neither is
 * no browser, and must speak JSON: no form can.
 */
export function isFromHere({ url, header }: Sent): boolean {
  const site = header('sec-fetch-site');
  const origin = header('origin');
  if (site !== null && site !== 'same-origin') return false;
  if (origin !== null) return hostOf(origin) === hostOf(url);
  return site === 'same-origin' || isJson(header('content-type'));
}

export const isJson = (type: string | null): boolean => /^application\/json\s*(?:;|$)/i.test(type ?? '');

/** Null for what is no web address, such as the `null` of a page without an origin. */
const hostOf = (url: string): string | null => URL.parse(url)?.host ?? null;
