const special = /[\\^$.*+?()[\]{}|]/gu;

/** One piece of a pattern: a wildcard, a set such as `[a-f]` or `[^0]`, or a character. */
function piece(text: string): string {
  if (text === '%') return '[\\s\\S]*';
  if (text === '_') return '[\\s\\S]';
  if (text.length > 1) return text.replaceAll('\\', '\\\\');
  return text.replace(special, '\\$&');
}

/** SQL Server's LIKE: `%`, `_` and `[…]`. Ignoring case follows the usual collation (unverified for NXT). */
export function like(pattern: string): (text: string) => boolean {
  const pieces = pattern.match(/\[\^?[^\]]+\]|[\s\S]/gu) ?? [];
  const expression = new RegExp(`^${pieces.map(piece).join('')}$`, 'iu');
  return (text) => expression.test(text);
}
