/** A parsed route template and how it compares with others. */
export interface HttpRoute {
  /** The parameters of a path that fits, undefined for one that does not. Path without leading slash, not decoded. */
  match(path: string): Record<string, string> | undefined;
  /** Sorts before routes with a larger key: literals before parameters before a catch-all, as in ASP.NET routing. */
  readonly precedence: string;
}

type Segment =
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'parameter'; readonly name: string; readonly optional: boolean; readonly fits: RegExp }
  | { readonly kind: 'rest'; readonly name: string };

const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  int: /^[+-]?\d+$/,
  long: /^[+-]?\d+$/,
  alpha: /^[A-Za-z]*$/,
  guid: /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
};

const RANK = { literal: '1', parameter: '2', rest: '3' } as const;

/**
 * Reads a template such as `webhooks/{source}`, `items/{id:int?}` or `files/{*path}`. Literals match whatever their case.
 * https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
export function parseHttpRoute(template: string): HttpRoute {
  const segments = split(template).map(parseSegment);
  return { match: (path) => match(segments, path), precedence: segments.map(({ kind }) => RANK[kind]).join('') };
}

function parseSegment(text: string): Segment {
  const inner = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(text);
  if (inner === null) {
    if (/[{}]/.test(text)) throw new Error(`the route segment "${text}" is not supported by this host`);
    return { kind: 'literal', text: text.toLowerCase() };
  }
  const [, stars, name = '', constraint, optional] = inner;
  if (stars !== '') return { kind: 'rest', name };
  const fits = constraint === undefined ? /^/ : CONSTRAINTS[constraint];
  if (fits === undefined) throw new Error(`the route constraint "${constraint ?? ''}" is not supported by this host`);
  return { kind: 'parameter', name, optional: optional !== undefined, fits };
}

function match(segments: readonly Segment[], path: string): Record<string, string> | undefined {
  const parts = split(path).map(decode);
  const params: Record<string, string> = {};
  for (const [index, segment] of segments.entries()) {
    if (segment.kind === 'rest') {
      const rest = parts.slice(index).join('/');
      return rest === '' ? params : { ...params, [segment.name]: rest };
    }
    const part = parts[index];
    if (part === undefined) {
      if (segment.kind === 'parameter' && segment.optional) continue;
      return undefined;
    }
    if (segment.kind === 'literal') {
      if (part.toLowerCase() !== segment.text) return undefined;
    } else {
      if (!segment.fits.test(part)) return undefined;
      params[segment.name] = part;
    }
  }
  return parts.length > segments.length ? undefined : params;
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

/** As Kestrel does, everything is decoded but `%2F`. What is no valid escape stays as it is. */
function decode(part: string): string {
  try {
    return part
      .split(/%2f/i)
      .map((piece) => decodeURIComponent(piece))
      .join('%2F');
  } catch {
    return part;
  }
}
