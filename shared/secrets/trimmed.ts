/** A secret as it was meant: what a copy or a file put around it, blanks and line breaks, is no part of it; null for none. */
export function trimmed(text: string | undefined): string | null {
  return text?.trim() || null;
}
