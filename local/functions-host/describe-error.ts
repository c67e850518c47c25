/**
 * What a log line may say about an error an app threw: its class, its code and where. Never its message, which can quote
 * what came in (JSON.parse does).
 */
export function describeError(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const code = 'code' in error && (typeof error.code === 'string' || typeof error.code === 'number') ? error.code : '';
  const frames = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, code, ...frames.slice(0, 3).map((frame) => frame.trim())].filter((part) => part !== '').join(' ');
}
