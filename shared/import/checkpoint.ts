import { createHash } from 'node:crypto';
import { createReadStream, existsSync, readFileSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';

/** How far an import came: line numbers only, nothing of what the lines hold. */
export interface Checkpoint {
  /** The last line of the file up to which every row has been dealt with. */
  readonly doneUpTo: (file: string) => number;
  done(file: string, line: number): Promise<void>;
  finish(): Promise<void>;
}

const content = z.record(z.string(), z.number());

/**
 * One checkpoint per set of files and purpose: the same files, unchanged, go on where they stopped.
 * @param purpose what else makes it the same import: the company, the storage, how the files are read.
 */
export async function openCheckpoint(folder: string, files: readonly string[], purpose = ''): Promise<Checkpoint> {
  const hash = createHash('sha256').update(purpose);
  for (const file of files) for await (const chunk of createReadStream(file)) hash.update(chunk as Buffer);
  const at = path.join(folder, `import-${hash.digest('hex').slice(0, 16)}.json`);
  await mkdir(folder, { recursive: true });
  const lines: Record<string, number> = existsSync(at) ? content.parse(JSON.parse(readFileSync(at, 'utf8'))) : {};
  const nameOf = (file: string) => String(files.indexOf(file));
  return {
    doneUpTo: (file) => lines[nameOf(file)] ?? 0,
    async done(file, line) {
      lines[nameOf(file)] = line;
      // Written beside and renamed, so that a process killed here leaves the old one whole.
      const next = `${at}.${process.pid}`;
      await writeFile(next, JSON.stringify(lines), { mode: 0o600 });
      await rename(next, at);
    },
    finish: () => rm(at, { force: true }),
  };
}
