/** What to do with rows of an answered write of which nothing proves that they were stored. */
export interface Verdict<Job> {
  /** Their own error is certain. */
  readonly refused: readonly Job[];
  /** Each is sent again as one request. */
  readonly again: readonly (readonly Job[])[];
}

/**
 * Finds the bad rows among many with few requests. An error's index is a hint, not a proof: rows it points at are sent
 * again apart from the rest, and only when a request fails with an error for every one of its rows (or had only one row)
 * are they refused. Without hints the rows are tried in halves.
 *
 * One bad row among n with a hint costs two more requests, without one about 2 × log2 n.
 * @param sent all rows of the request
 * @param absent those that are surely not stored
 */
export function isolate<Job>(
  sent: readonly Job[],
  absent: readonly Job[],
  isBlamed: (job: Job) => boolean,
): Verdict<Job> {
  if (absent.length === 0) return { refused: [], again: [] };
  const blamed = absent.filter(isBlamed);
  if (sent.length === 1 || blamed.length === sent.length) return { refused: absent, again: [] };
  const others = absent.filter((job) => !isBlamed(job));
  if (blamed.length > 0) return { refused: [], again: [others, blamed].filter((group) => group.length > 0) };
  if (absent.length < sent.length) return { refused: [], again: [absent] };
  return { refused: [], again: halves(absent) };
}

function halves<Job>(jobs: readonly Job[]): readonly (readonly Job[])[] {
  const middle = Math.ceil(jobs.length / 2);
  return [jobs.slice(0, middle), jobs.slice(middle)].filter((half) => half.length > 0);
}

/** Groups of at most so many, in order. */
export function groupsOf<Job>(jobs: readonly Job[], size: number): readonly (readonly Job[])[] {
  const count = Math.ceil(jobs.length / size);
  return Array.from({ length: count }, (_, index) => jobs.slice(index * size, (index + 1) * size));
}

/** How many further requests one batch may spend on finding its bad rows. */
export interface Allowance {
  left: number;
}

export function allowanceFor(size: number): Allowance {
  return { left: 8 + 4 * Math.ceil(Math.log2(size + 1)) };
}

/** Sends each group again while the allowance lasts; the rows of the others end with `otherwise`. */
export async function sendGroups<Job extends { reject(reason: unknown): void }>(
  groups: readonly (readonly Job[])[],
  allowance: Allowance,
  again: (group: readonly Job[]) => Promise<void>,
  otherwise: Error,
): Promise<void> {
  for (const group of groups) {
    allowance.left -= 1;
    if (allowance.left >= 0) await again(group);
    else for (const job of group) job.reject(otherwise);
  }
}
