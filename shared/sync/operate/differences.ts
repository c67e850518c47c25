import * as z from 'zod';
import type { Rows, Step } from '../../store/index.ts';
import type { Marks } from './marks.ts';
import type { FoundLine, ReconcileKind } from './reconcile.ts';

/** One difference that was found and is not settled yet; ids and names of fields, no values. */
export interface Difference {
  readonly kind: ReconcileKind;
  /** `customer:C-1001`; `''` where no record has to do with it. */
  readonly record: string;
  readonly associateNos: readonly number[];
  readonly fields: readonly string[];
  /** What was compared; who settles it settles that. */
  readonly marks: Marks;
}

/** What the last comparison found, less what was settled since. */
export interface Differences {
  /** When it ended, ISO 8601, UTC; `''` where none has come to an end yet. */
  readonly at: string;
  readonly by: string;
  readonly lines: readonly Difference[];
  /** How many there are of each kind, also of those that are not among the lines. */
  readonly counts: Readonly<Record<ReconcileKind, number>>;
  /** A comparison after this one that has come to no end: it runs, or was broken off; null when there was none. */
  readonly unfinished: Unfinished | null;
}

/** A comparison that has come to no end. */
export interface Unfinished {
  readonly by: string;
  /** When it began, ISO 8601, UTC. */
  readonly at: string;
  /** What stood in its way; `''`: it runs, or its process died. */
  readonly code: string;
}

export const RECONCILE_KINDS = [
  'differs',
  'doubled',
  'gone',
  'linked-twice',
  'never-sent',
  'only-in-erp',
] as const satisfies readonly ReconcileKind[];

/** Lines of each kind that are kept: as many as a person settles before comparing again. */
const MOST_OF_A_KIND = 500;
const MOST_NUMBERS = 100;
/** A column holds 32,768 characters. */
const MOST_CHARACTERS = 30_000;

export const PARTITION = 'differences';
const HEAD = { partitionKey: PARTITION, rowKey: 'head' };
const CHUNK = 'lines|';
const RUN = { partitionKey: PARTITION, rowKey: 'run' };
const run = z.object({ by: z.string(), at: z.string(), code: z.string() });
const head = z.object({
  ...{ at: z.string(), by: z.string() },
  more: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.record(z.enum(RECONCILE_KINDS), z.number())),
});
const difference = z.object({
  kind: z.enum(RECONCILE_KINDS),
  record: z.string(),
  associateNos: z.array(z.number()),
  fields: z.array(z.string()),
  /** Lists of older versions have none. */
  marks: z.record(z.string(), z.string()).default({}),
});
const chunk = z.object({
  rowKey: z.string(),
  etag: z.string(),
  lines: z.string().transform((text) => z.array(difference).parse(JSON.parse(text))),
});
type Chunk = z.infer<typeof chunk>;

const zeros = (): Record<ReconcileKind, number> => ({
  ...{ differs: 0, doubled: 0, gone: 0, 'linked-twice': 0, 'never-sent': 0, 'only-in-erp': 0 },
});

/** A comparison begins. */
export const beginRun = (control: Rows, { by, at }: Pick<Unfinished, 'by' | 'at'>): Promise<unknown> =>
  control.save([{ do: 'put', at: RUN, row: { by, at, code: '' } }]);

/** It could not be brought to its end; another that began meanwhile says its own. */
export async function endRun(control: Rows, { by, at, code }: Unfinished): Promise<void> {
  const kept = await control.get(RUN, (entity) => ({ row: run.parse(entity), etag: entity.etag }));
  if (kept?.row.at === at && kept.row.by === by) await control.replace(RUN, { by, at, code }, kept.etag);
}

/** What the last comparison found; null before the first. */
export async function readDifferences(control: Rows): Promise<Differences | null> {
  const [kept, begun, chunks] = await Promise.all([
    control.get(HEAD, (entity) => ({ row: head.parse(entity), etag: entity.etag })),
    control.get(RUN, (entity) => ({ row: run.parse(entity), etag: entity.etag })),
    chunksOf(control),
  ]);
  if (!kept && !begun) return null;
  const { at, by, more } = kept?.row ?? { at: '', by: '', more: zeros() };
  const lines = chunks.flatMap((each) => each.lines);
  const counts = zeros();
  for (const kind of RECONCILE_KINDS) {
    counts[kind] = more[kind] + lines.filter((line) => line.kind === kind).length;
  }
  return { at, by, lines, counts, unfinished: begun === null || begun.row.at === '' ? null : begun.row };
}

const tally = z.object({
  counts: z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(z.partialRecord(z.enum(RECONCILE_KINDS), z.number())),
});

/** How many the last comparison found and nobody has settled, without the lines; null before the first came to its end. */
export async function countDifferences(control: Rows): Promise<Pick<Differences, 'at' | 'counts'> | null> {
  const kept = await control.get(HEAD, (entity) => ({ row: head.parse(entity), etag: entity.etag }));
  if (!kept) return null;
  const counts = { ...zeros(), ...kept.row.more };
  for await (const entity of control.range(PARTITION, CHUNK, `${CHUNK}~`, { select: ['counts'] })) {
    // A list that an older version kept says it with its lines alone.
    const read = tally.safeParse(entity);
    if (!read.success) return readDifferences(control);
    for (const kind of RECONCILE_KINDS) counts[kind] += read.data.counts[kind] ?? 0;
  }
  return { at: kept.row.at, counts };
}

/** Lines as a row holds them. */
export function chunkRow(lines: readonly Difference[]): { readonly lines: string; readonly counts: string } {
  const counts = Object.fromEntries([...Map.groupBy(lines, ({ kind }) => kind)].map(([kind, of]) => [kind, of.length]));
  return { lines: JSON.stringify(lines), counts: JSON.stringify(counts) };
}

/** The lines as they are stored. */
export async function chunksOf(control: Rows): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const entity of control.range(PARTITION, CHUNK, `${CHUNK}~`)) chunks.push(chunk.parse(entity));
  return chunks;
}

/** In place of what the comparison before found, all at once. */
export async function keepDifferences(
  control: Rows,
  { at, by }: Pick<Differences, 'at' | 'by'>,
  found: readonly FoundLine[],
): Promise<void> {
  const more = zeros();
  const lines = RECONCILE_KINDS.flatMap((kind) => {
    const all = found.filter((line) => line.kind === kind);
    more[kind] = Math.max(0, all.length - MOST_OF_A_KIND);
    return all.slice(0, MOST_OF_A_KIND).map(toDifference);
  });
  const parts = partsOf(lines);
  // What the one before needed more rows for is emptied.
  const before = (await chunksOf(control)).length;
  while (parts.length < before) parts.push([]);
  const steps: Step[] = parts.map((part, n) => ({
    do: 'put',
    at: { partitionKey: PARTITION, rowKey: `${CHUNK}${String(n).padStart(4, '0')}` },
    row: chunkRow(part),
  }));
  const row = { at, by, more: JSON.stringify(more) };
  const ended = { do: 'put', at: RUN, row: { by, at: '', code: '' } } as const;
  await control.save([{ do: 'put', at: HEAD, row }, ended, ...steps]);
}

const toDifference = ({ kind, record = '', associateNos = [], fields = [], marks }: FoundLine): Difference => ({
  ...{ kind, record, fields, marks },
  associateNos: associateNos.slice(0, MOST_NUMBERS),
});

/** As many lines together as a column holds. */
function partsOf(lines: readonly Difference[]): (readonly Difference[])[] {
  const parts: Difference[][] = [];
  let length = 0;
  for (const line of lines) {
    const own = JSON.stringify(line).length + 1;
    const part = parts.at(-1);
    if (part && length + own <= MOST_CHARACTERS) part.push(line);
    else parts.push([line]);
    length = part && length + own <= MOST_CHARACTERS ? length + own : own;
  }
  return parts;
}
