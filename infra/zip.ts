import { zipSync, type Zippable } from 'fflate';

export interface ZipEntry {
  /** Path inside the archive, with forward slashes. */
  readonly name: string;
  readonly data: Buffer;
}

/** The first day a ZIP can name: a fixed time makes equal contents equal archives. Local time, as the format has it. */
const FIXED_TIME = new Date(1980, 0, 1);
const UNIX = 3;
/** A plain file that everyone may read and the owner may write. */
const ATTRIBUTES = 0o100644 << 16;

/** A ZIP whose bytes depend on the entries' names and contents only, not on the order in which a folder was read. */
export function zip(entries: readonly ZipEntry[]): Buffer {
  const sorted = [...entries].sort((a, b) => (a.name < b.name ? -1 : 1));
  const files: Zippable = Object.fromEntries(sorted.map(({ name, data }) => [name, new Uint8Array(data)]));
  return Buffer.from(zipSync(files, { level: 9, mtime: FIXED_TIME, os: UNIX, attrs: ATTRIBUTES }));
}
