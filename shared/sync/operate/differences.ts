import * as z from 'zod';
import type { Rows, Step } from '../../store/index.ts';
import type { ReconcileKind, ReconcileLine } from './reconcile.ts';

/** One difference that was found and is not settled yet; ids and names of fields, no values. */
export interface Difference {
  readonly kind: ReconcileKind;
  /** `customer:C-1001`; `''` where no record has to do with it. */
  readonly record: string;
  readonly associateNos: readonly number[];
  readonly fields: readonly string[];
}

/** What the last comparison found, less what was settled since. */
export interface Differences {
  /** When it ended, ISO 8601, UTC. */
  readonly at: string;
  readonly by: string;
  readonly lines: readonly Difference[];
  /** How many there are of each kind, also of those that are not among the lines. */
  readonly counts: Readonly<Record<ReconcileKind, number>>;
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

const PARTITION = 'differences';
const HEAD = 'head';
const CHUNK = 'lines|';
const head = z.object({
  ...{ at: z.string(), by: z.string() },
  more: z.string().transform((text) => z.record(z.enum(RECONCILE_KINDS), z.number()).parse(JSON.parse(text))),
});
const difference = z.object({
  kind: z.enum(RECONCILE_KINDS),
  record: z.string(),
  associateNos: z.array(z.number()),
  fields: z.array(z.string()),
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

/** What the last comparison found; null before the first. */
export async function readDifferences(control: Rows): Promise<Differences | null> {
  const kept = await control.get({ partitionKey: PARTITION, rowKey: HEAD }, (entity) => ({
    row: head.parse(entity),
    etag: entity.etag,
  }));
  if (!kept) return null;
  const { at, by, more } = kept.row;
  const lines = (await chunksOf(control)).flatMap((each) => each.lines);
  const counts = zeros();
  for (const kind of RECONCILE_KINDS) {
    counts[kind] = more[kind] + lines.filter((line) => line.kind === kind).length;
  }
  return { at, by, lines, counts };
}

async function chunksOf(control: Rows): Promise<readonly Chunk[]> {
  const chunks: Chunk[] = [];
  for await (const entity of control.range(PARTITION, CHUNK, `${CHUNK}~`)) chunks.push(chunk.parse(entity));
  return chunks;
}

/** In place of what the comparison before found, all at once. */
export async function keepDifferences(
  control: Rows,
  { at, by }: Pick<Differences, 'at' | 'by'>,
  found: readonly ReconcileLine[],
): Promise<void> {
  const more = zeros();
  const lines = RECONCILE_KINDS.flatMap((kind) => {
    const all = found.filter((line) => line.kind === kind);
    more[kind] = Math.max(0, all.length - MOST_OF_A_KIND);
    return all.slice(0, MOST_OF_A_KIND).map(toDifference);
  });
  const texts = textsOf(lines);
  // What the one before needed more rows for is emptied.
  const before = (await chunksOf(control)).length;
  while (texts.length < before) texts.push('[]');
  const steps: Step[] = texts.map((text, n) => ({
    do: 'put',
    at: { partitionKey: PARTITION, rowKey: `${CHUNK}${String(n).padStart(4, '0')}` },
    row: { lines: text },
  }));
  const row = { at, by, more: JSON.stringify(more) };
  await control.save([{ do: 'put', at: { partitionKey: PARTITION, rowKey: HEAD }, row }, ...steps]);
}

const toDifference = ({ kind, record = '', associateNos = [], fields = [] }: ReconcileLine): Difference => ({
  ...{ kind, record, fields },
  associateNos: associateNos.slice(0, MOST_NUMBERS),
});

function textsOf(lines: readonly Difference[]): string[] {
  const texts: string[] = [];
  let text = '';
  for (const line of lines.map((each) => JSON.stringify(each))) {
    if (text !== '' && text.length + line.length > MOST_CHARACTERS) {
      texts.push(`[${text}]`);
      text = '';
    }
    text += text === '' ? line : `,${line}`;
  }
  return text === '' ? texts : [...texts, `[${text}]`];
}

/** What a person has settled, as far as it is a difference. */
export type SettledDifference =
  | { readonly field: string; readonly record: string }
  | { readonly linked: number; readonly record: string }
  | { readonly unlinked: true; readonly record: string };

/**
 * Takes what was settled off the list. Where a new list came meanwhile, or somebody settles in the same rows, a line may
 * stay: settling it again changes nothing.
 */
export async function settleDifference(control: Rows, settled: SettledDifference): Promise<void> {
  const chunks = await chunksOf(control);
  const left = leftAfter(
    settled,
    chunks.flatMap(({ lines }) => lines),
  );
  for (const { rowKey, etag, lines } of chunks) {
    const after = lines.flatMap((line) => left(line) ?? []);
    const text = JSON.stringify(after);
    if (text === JSON.stringify(lines)) continue;
    await control.replace({ partitionKey: PARTITION, rowKey }, { lines: text }, etag);
  }
}

/** What becomes of each line: null = it is settled. */
function leftAfter(settled: SettledDifference, all: readonly Difference[]): (line: Difference) => Difference | null {
  const { record } = settled;
  if ('field' in settled) {
    return (line) => {
      if (line.kind !== 'differs' || line.record !== record) return line;
      const fields = line.fields.filter((field) => field !== settled.field);
      return fields.length === 0 ? null : { ...line, fields };
    };
  }
  if ('linked' in settled) {
    return (line) => {
      const isIts = line.record === record && (line.kind === 'gone' || line.kind === 'never-sent');
      return isIts || (line.kind === 'only-in-erp' && line.associateNos.includes(settled.linked)) ? null : line;
    };
  }
  const twice = all.filter(({ kind }) => kind === 'linked-twice');
  const [no] = twice.find((line) => line.record === record)?.associateNos ?? [];
  // Where one other is left, that one has the row alone.
  const others = twice.filter((line) => line.record !== record && line.associateNos[0] === no);
  return (line) => {
    const isIts = line.record === record && (line.kind === 'linked-twice' || line.kind === 'gone');
    return isIts || (others.length === 1 && line === others[0]) ? null : line;
  };
}
