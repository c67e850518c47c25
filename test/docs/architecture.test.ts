import { glob, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';

const root = new URL('../../', import.meta.url);

describe('docs/architecture.md', () => {
  it('names only files and folders that are there', async () => {
    const files: string[] = [];
    for await (const file of glob('{shared,functions}/**/*.ts', { cwd: root })) files.push(file);
    const [, table = ''] = (await readFile(new URL('docs/architecture.md', root), 'utf8')).split(
      'One change, in the order',
    );
    const [rows = ''] = table.split('\n## ');
    const cells = [...rows.matchAll(/^\| (`[^|]*) \|/gm)].map(([, cell = '']) => cell);
    const names = cells.flatMap((cell) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));
    expect(names.length).toBeGreaterThan(40);
    // `match-…` stands for several files, `sources/<crm>` for several folders.
    const paths = names.map((name) => (/[…<]/.test(name) ? name.replace(/[…<].*$/, '') : `${name}/`));
    const missing = paths.filter(
      (path) => !files.some((file) => `/${file.replace(/\.ts$/, '/')}`.includes(`/${path}`)),
    );
    expect(missing).toEqual([]);
  });
});
