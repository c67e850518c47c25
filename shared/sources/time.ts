/** Before 2001 as milliseconds, after 5138 as seconds: which of the two a number is cannot be mistaken. */
const FIRST_MILLISECONDS = 1e11;

/**
 * A point in time as CRMs write it → UTC ISO 8601; null for anything else. Takes ISO 8601, seconds or milliseconds since
 * 1970, `/Date(ms)/` and `YYYY-MM-DD HH:MM:SS`; a text without an offset is UTC.
 */
export function toIso(value: unknown): string | null {
  const milliseconds =
    typeof value === 'number' ? fromNumber(value) : typeof value === 'string' ? fromText(value) : NaN;
  const date = new Date(milliseconds);
  return Number.isNaN(date.getTime()) ? null : date.toISOString();
}

const fromNumber = (value: number): number => (Math.abs(value) < FIRST_MILLISECONDS ? value * 1000 : value);

function fromText(text: string): number {
  const trimmed = text.trim();
  if (/^\d{9,14}$/.test(trimmed)) return fromNumber(Number(trimmed));
  const [, dotnet] = /^\/Date\((-?\d{1,15})(?:[+-]\d{4})?\)\/$/.exec(trimmed) ?? [];
  if (dotnet !== undefined) return Number(dotnet);
  const parts = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?)\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(
    trimmed,
  );
  if (parts === null) return NaN;
  const [, day = '', time = '00:00', offset = 'Z'] = parts;
  const seconds = time.length === 5 ? `${time}:00` : time.replace(/(\.\d{3})\d+$/, '$1');
  return Date.parse(`${day}T${seconds}${offset.replace(/^([+-]\d{2})(\d{2})$/, '$1:$2').toUpperCase()}`);
}
