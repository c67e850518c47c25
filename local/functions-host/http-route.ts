/** A parsed route template and how it compares with others. */
export interface HttpRoute {
  /** The parameters of a path that fits, undefined for one that does not. Path without leading slash, not decoded. */
  match(path: string): Record<string, string> | undefined;
  /** Sorts before routes with a larger key: literals before parameters before a catch-all, as in ASP.NET routing. */
  readonly precedence: string;
}

interface Segment {
  /** In the syntax of URLPattern. */
  readonly pattern: string;
  readonly rank: '1' | '2' | '3';
  readonly parameter?: { readonly name: string; readonly fits: RegExp };
}

const ANYTHING = /^/;

const CONSTRAINTS: Readonly<Record<string, RegExp>> = {
  int: /^[+-]?\d+$/,
  long: /^[+-]?\d+$/,
  alpha: /^[A-Za-z]*$/,
  guid: /^\{?[0-9a-f]{8}-?(?:[0-9a-f]{4}-?){3}[0-9a-f]{12}\}?$/i,
};

/**
 * Reads a template such as `webhooks/{source}`, `items/{id:int?}` or `files/{*path}`. Literals match whatever their case.
 * https://learn.microsoft.com/aspnet/core/fundamentals/routing#route-templates
 */
export function parseHttpRoute(template: string): HttpRoute {
  const segments = split(template).map(parseSegment);
  const pattern = new URLPattern(
    { pathname: segments.map((one) => one.pattern).join('') || '/' },
    { ignoreCase: true },
  );
  const parameters = segments.flatMap(({ parameter }) => parameter ?? []);

  const match = (path: string): Record<string, string> | undefined => {
    const pathname = `/${split(path).map(normalized).join('/')}`;
    const found = pattern.exec({ pathname })?.pathname.groups;
    if (found === undefined) return undefined;
    const values = parameters.flatMap(({ name, fits }) => {
      const value = found[name];
      return value === undefined ? [] : [{ name, fits, value: decodeURIComponent(value) }];
    });
    if (!values.every(({ fits, value }) => fits.test(value))) return undefined;
    return Object.fromEntries(values.map(({ name, value }) => [name, value]));
  };
  return { match, precedence: segments.map(({ rank }) => rank).join('') };
}

function parseSegment(text: string): Segment {
  const inner = /^\{(\*{0,2})(\w+)(?::(\w+))?(\?)?\}$/.exec(text);
  if (inner === null) {
    if (/[{}]/.test(text)) throw new Error(`the route segment "${text}" is not supported by this host`);
    return { pattern: `/${encodeURIComponent(text).replace(/[.*()]/g, String.raw`\$&`)}`, rank: '1' };
  }
  const [, stars, name = '', constraint, optional] = inner;
  if (stars !== '') return { pattern: `{/:${name}(.+)}?`, rank: '3', parameter: { name, fits: ANYTHING } };
  const fits = constraint === undefined ? ANYTHING : CONSTRAINTS[constraint];
  if (fits === undefined) throw new Error(`the route constraint "${constraint ?? ''}" is not supported by this host`);
  return { pattern: `{/:${name}}${optional ?? ''}`, rank: '2', parameter: { name, fits } };
}

const split = (path: string): string[] => path.split('/').filter((part) => part !== '');

/**
 * One way to write each path. As Kestrel does, everything is decoded but `%2F`, and what is no valid escape stays as it
 * is; then all of it is encoded again, as URLPattern compares.
 */
function normalized(part: string): string {
  return encodeURIComponent(decoded(part));
}

function decoded(part: string): string {
  try {
    return part
      .split(/%2f/i)
      .map((piece) => decodeURIComponent(piece))
      .join('%2F');
  } catch {
    return part;
  }
}
