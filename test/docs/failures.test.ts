import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { failuresPage } from '../../infra/write-failures.ts';
import { FAILURES } from '../../shared/failure.ts';
import { OUTCOMES } from '../../shared/sync/attempt/outcome.ts';

const read = (name: string) => readFile(new URL(`../../docs/${name}`, import.meta.url), 'utf8');

describe('docs/failures.md', () => {
  it('is what `node infra/write-failures.ts` writes', async () => {
    expect(await read('failures.md')).toBe(failuresPage());
  });

  it('lists every code once', () => {
    for (const code of Object.keys(FAILURES)) expect(failuresPage().split(`| \`${code}\` `)).toHaveLength(2);
  });
});

describe('docs/operating.md', () => {
  it('explains each word for what became of an attempt, and no other', async () => {
    const [, table = ''] = (await read('operating.md')).split('| Outcome ');
    const [rows = ''] = table.split('\n\n');
    const words = [...rows.matchAll(/^\| `([^`]+)`/gm)].map(([, word]) => word);
    expect(words.sort()).toEqual([...Object.keys(OUTCOMES), 'plan:…'].sort());
  });

  it('names no code that does not exist', async () => {
    const families = [...new Set(Object.keys(FAILURES).map((code) => code.split('.')[0] ?? ''))].join('|');
    const named = (await read('operating.md')).matchAll(new RegExp(`\`((?:${families})\\.[a-z-]+)\``, 'g'));
    for (const [, code] of named) expect(Object.keys(FAILURES)).toContain(code);
  });
});
