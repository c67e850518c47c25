import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { openApi } from '../../infra/openapi.ts';
import { schemaFiles } from '../../infra/write-schemas.ts';
import { REPORTED } from '../../shared/record/index.ts';
import { PROBLEMS } from '../../shared/sources/index.ts';

const docs = new URL('../../docs/', import.meta.url);
const read = (path: string) => readFile(new URL(path, docs), 'utf8');

describe('docs/schema', () => {
  it.each(Object.entries(schemaFiles()))('%s is what `node infra/write-schemas.ts` writes', async (name, text) => {
    expect(await read(`schema/${name}`)).toBe(text);
  });

  it('refers to nothing that is not there', () => {
    const document = openApi();
    const known = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    const refs = [...JSON.stringify(document).matchAll(/"\$ref":"([^"]+)"/g)].map(([, ref]) => ref);
    expect(refs.length).toBeGreaterThan(5);
    expect(refs.filter((ref) => ref !== undefined && !known.includes(ref))).toEqual([]);
  });
});

describe('docs/events.md', () => {
  it('lists every code that is reported', async () => {
    const rows = (await read('events.md')).split('\n');
    for (const code of Object.keys(REPORTED)) {
      expect(
        rows.filter((row) => row.startsWith(`| \`${code}\` `) && row.includes('`queued`')),
        code,
      ).toHaveLength(1);
    }
  });

  it('lists every code with its status', async () => {
    const rows = (await read('events.md')).split('\n');
    for (const [code, { status }] of Object.entries(PROBLEMS)) {
      expect(
        rows.some((row) => row.startsWith(`| ${status} `) && row.includes(`\`${code}\``)),
        code,
      ).toBe(true);
    }
  });
});
