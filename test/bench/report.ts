/** One line of a benchmark's table. */
export interface Figure {
  readonly what: string;
  readonly value: number | string;
  readonly unit?: string;
  /** What was promised, as far as something was. */
  readonly target?: { readonly most: number } | { readonly least: number };
}

export interface Section {
  readonly name: string;
  readonly title: string;
  readonly figures: readonly Figure[];
  /** What bounds the figures, or how they were taken; sentences. */
  readonly notes: readonly string[];
}

export interface BenchOptions {
  /** Smaller amounts: for trying the benchmark out, not for its figures. */
  readonly quick: boolean;
  /** Says what goes on. */
  readonly say: (text: string) => void;
}

export type Benchmark = (options: BenchOptions) => Promise<Section>;

export function isMet({ value, target }: Figure): boolean | null {
  if (target === undefined || typeof value !== 'number') return null;
  return 'most' in target ? value <= target.most : value >= target.least;
}

export const round = (value: number, digits = 2): number => Number(value.toFixed(digits));

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}

const cells = (figure: Figure): readonly string[] => {
  const { what, value, unit = '', target } = figure;
  const met = isMet(figure);
  const wanted = target === undefined ? '' : 'most' in target ? `≤ ${target.most}` : `≥ ${target.least}`;
  return [what, `${value} ${unit}`.trim(), wanted, met === null ? '' : met ? 'yes' : 'NO'];
};

const HEAD = ['figure', 'seen', 'target', 'met'];

export function toMarkdown({ title, figures, notes }: Section): string {
  const line = (row: readonly string[]) => `| ${row.join(' | ')} |`;
  const table = [line(HEAD), line(HEAD.map(() => '---')), ...figures.map((figure) => line(cells(figure)))];
  return [
    `### ${title}`,
    '',
    ...table,
    ...(notes.length > 0 ? ['', ...notes.map((note) => `- ${note}`)] : []),
    '',
  ].join('\n');
}

export function toText({ title, figures, notes }: Section): string {
  const rows = [HEAD, ...figures.map(cells)];
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const lines = rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
  return ['', title, ...lines.map((line) => `  ${line}`), ...notes.map((note) => `  ${note}`)].join('\n');
}
