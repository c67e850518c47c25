import * as z from 'zod';

/** What an error is about, as far as its code and wording tell. The wording itself is dropped: it may quote values. */
export type ErrorTheme =
  'outstanding' | 'schema' | 'access' | 'timeout' | 'in-use' | 'interval-full' | 'too-long' | 'passing' | 'other';

/** One entry of a GraphQL answer's `errors`, safe to log. */
export interface ErpError {
  readonly theme: ErrorTheme;
  /** The response key of the field it belongs to, such as `create` below `useCompany`. */
  readonly field?: string;
  /** Index of the input row, from `values/<n>` at the end of the path. */
  readonly row?: number;
  /** The backend's code, such as 3. */
  readonly status?: number;
  /** The backend's name for it, such as `PrimaryKeyAssignmentFailed`; no list of them is published. */
  readonly statusName?: string;
}

const entry = z.object({
  message: z.string().catch(''),
  path: z.array(z.union([z.string(), z.number()])).catch([]),
  extensions: z
    .object({
      code: z.string().optional().catch(undefined),
      codes: z.array(z.string()).optional().catch(undefined),
      data: z
        .object({
          status: z.number().optional().catch(undefined),
          status_name: z.string().optional().catch(undefined),
        })
        .optional()
        .catch(undefined),
    })
    .catch({}),
});

const SAFE_NAME = /^[A-Za-z]\w{0,63}$/;

/** Reads `errors` of an answer, an array or a single object; what has no known shape becomes an error of theme `other`. */
export function readErrors(errors: unknown): ErpError[] {
  if (errors === null) return [];
  return (Array.isArray(errors) ? errors : [errors]).map((each: unknown) => {
    const parsed = entry.safeParse(each);
    return parsed.success ? fromEntry(parsed.data) : { theme: 'other' };
  });
}

function fromEntry({ message, path, extensions }: z.infer<typeof entry>): ErpError {
  const { status, status_name: name } = extensions.data ?? {};
  const keys = path.map(String);
  const context = keys.indexOf('useCompany');
  const field = context < 0 ? undefined : keys[context + 1];
  const row = rowOf(keys);
  const codes = [...(extensions.codes ?? []), extensions.code ?? ''].join(' ');
  return {
    theme: themeOf(message, codes, name ?? ''),
    ...(field === undefined ? {} : { field }),
    ...(row === undefined ? {} : { row }),
    ...(status === undefined ? {} : { status }),
    ...(name !== undefined && SAFE_NAME.test(name) ? { statusName: name } : {}),
  };
}

/** `[…, 'values/2']`, and the spelling with a separate index, `[…, 'values', '2']`. */
function rowOf(keys: readonly string[]): number | undefined {
  const index = /(?:^|\/)(?:values|filters)\/(\d+)/.exec(keys.join('/'))?.[1];
  return index === undefined ? undefined : Number(index);
}

/**
 * The wording was changed twice in 2024 alone (release notes 2024-07-19, 2024-10-09), so every test here is loose and
 * codes come first. Order matters: the narrow ones stand first.
 */
function themeOf(message: string, codes: string, statusName: string): ErrorTheme {
  const wording = `${statusName} ${message}`;
  if (/OUTSTANDING_LIMIT/i.test(codes) || /has \d+ requests in progress|har \d+ forespørsler/i.test(message))
    return 'outstanding';
  // A value that does not fit its variable is that row's matter; a column that is gone is everybody's.
  if (/got invalid value/i.test(message) && !/is not defined by type/i.test(message)) return 'other';
  if (/FIELDS_ON|_TYPE\b|VALIDATION|PARSE_FAILED|ARGUMENT|SYNTAX/i.test(codes)) return 'schema';
  if (/^GraphQL\.Validation|^(Cannot query field|Unknown (argument|type|directive)|Syntax Error)/i.test(message)) {
    return 'schema';
  }
  if (/UNAUTHORI[SZ]ED|FORBIDDEN|NOT_AUTHORI[SZ]ED|ACCESS_DENIED/i.test(codes)) return 'access';
  if (
    /in.?use\b|i bruk\b|already exists|(finnes|eksisterer) allerede|PrimaryKeyAssignmentFailed|duplicate/i.test(wording)
  )
    return 'in-use';
  if (/interval|series|nummerserie|ingen ledige? |(no|out of) (free|more|available|unused)? ?numbers?/i.test(wording))
    return 'interval-full';
  if (
    /too ?long|for lang|max(imum)? ?length|exceed\w* .*(length|characters)|overs(kri|ti)\w* .*(lengde|tegn)|truncat/i.test(
      wording,
    )
  )
    return 'too-long';
  if (/timed? ?-?out|tidsavbrudd/i.test(wording)) return 'timeout';
  if (/deadlock|vranglås|locked|låst|temporar|midlertidig|try again|prøv igjen|busy|opptatt/i.test(wording))
    return 'passing';
  if (
    /autoriser|authori[sz]|VismaNetCompanyId|access|tilgang|permission|denied|external integration error/i.test(message)
  ) {
    return 'access';
  }
  return 'other';
}
