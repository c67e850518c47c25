import { foldCase, withoutInvisible } from './text.ts';

/** One plain address: no display name, no list. Letters such as ø are allowed on both sides. */
const ADDRESS = /^[^\s@,;:<>()"]+@[^\s@,;:<>()".]+(?:\.[^\s@,;:<>()".]+)+$/u;
/** `Kari Nordmann <kari@example.no>`, `"Nordmann, Kari" <kari@example.no>`, `mailto:kari@example.no?subject=x`. */
const WRAPPED = /^(?:"[^"]*"\s*|[^"<>@,;]*)<([^<>]*)>$/u;
const MAILTO = /^mailto:([^?]*)(?:\?.*)?$/iu;

/**
 * The text with the domain of its one address in lower case, otherwise as sent; null when it is not one address.
 * Takes a clean line.
 */
export function emailAddress(text: string): string | null {
  const address = bareAddress(text);
  if (address === null) return null;
  const at = address.lastIndexOf('@');
  const lowered = `${address.slice(0, at)}@${foldCase(address.slice(at + 1))}`;
  return text.replace(address, () => lowered);
}

function bareAddress(text: string): string | null {
  const inside = (WRAPPED.exec(text.trim())?.[1] ?? text).trim();
  const address = (MAILTO.exec(inside)?.[1] ?? inside).trim();
  return ADDRESS.test(address) ? address : null;
}

/**
 * A text that two spellings of one address share: without display name and `mailto:`, without regard to case, the domain
 * in its ASCII form. Null when the text is not one address.
 */
export function emailKey(text: string): string | null {
  const address = bareAddress(withoutInvisible(text));
  if (address === null) return null;
  const at = address.lastIndexOf('@');
  return `${foldCase(address.slice(0, at))}@${asciiDomain(address.slice(at + 1))}`;
}

/** `blåbær.no` and `xn--blbr-roah.no` are one domain. */
function asciiDomain(domain: string): string {
  const url = `http://${domain}/`;
  return URL.canParse(url) ? new URL(url).hostname : foldCase(domain);
}

/** The keys of all addresses in a text that may hold several, separated by `;`, `,` or white space. */
export function emailKeys(text: string): readonly string[] {
  const whole = emailKey(text);
  if (whole !== null) return [whole];
  const parts = text.split(/[;,]/u).flatMap((part) => (emailKey(part) === null ? part.split(/\s+/u) : [part]));
  return parts.map(emailKey).filter((key) => key !== null);
}
