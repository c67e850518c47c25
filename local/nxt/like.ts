const special = /[\\^$.*+?()[\]{}|]/gu;

/** One piece of a pattern: a wildcard, a set such as `[a-f]` or `[^0]`, or a character. */
function piece(text: string): string {
  if (text === '%') return '[\\s\\S]*';
  if (text === '_') return '[\\s\\S]';
  if (text.length > 1) return text.replaceAll('\\', '\\\\');
  return text.replace(special, '\\$&');
}

function byExpression(pattern: string): (text: string) => boolean {
  const pieces = pattern.match(/\[\^?[^\]]+\]|[\s\S]/gu) ?? [];
  const expression = new RegExp(`^${pieces.map(piece).join('')}$`, 'iu');
  return (text) => expression.test(text);
}

/** Patterns with `%` alone, such as one between all nine digits, without a regular expression's backtracking. */
function byParts(pattern: string): (text: string) => boolean {
  const parts = pattern.toLowerCase().split('%');
  const [first = '', last = ''] = [parts[0], parts.at(-1)];
  if (parts.length === 1) return (text) => text.toLowerCase() === first;
  const middle = parts.slice(1, -1);
  return (given) => {
    const text = given.toLowerCase();
    if (!text.startsWith(first) || !text.endsWith(last)) return false;
    let at = first.length;
    for (const part of middle) {
      const found = text.indexOf(part, at);
      if (found < 0) return false;
      at = found + part.length;
    }
    return at <= text.length - last.length;
  };
}

/** SQL Server's LIKE: `%`, `_` and `[…]`. Ignoring case follows the usual collation (unverified for NXT). */
export const like = (pattern: string): ((text: string) => boolean) =>
  /[_[]/u.test(pattern) ? byExpression(pattern) : byParts(pattern);
