import { foldCase } from './text.ts';

/** One plain address: no display name, no list. Letters such as ø are allowed on both sides. */
const ADDRESS = /^[^\s@,;:<>()"]+@[^\s@,;:<>()".]+(?:\.[^\s@,;:<>()".]+)+$/u;

/** The address with its domain in lower case, or null when the (trimmed) text is not one e-mail address. */
export function emailAddress(text: string): string | null {
  if (!ADDRESS.test(text)) return null;
  const at = text.lastIndexOf('@');
  return `${text.slice(0, at)}@${foldCase(text.slice(at + 1))}`;
}
