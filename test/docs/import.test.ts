import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { CONTACT, CUSTOMER } from '../../shared/import/fields.ts';

test('docs/import.md lists every header that is found, and no other', () => {
  const rows = readFileSync('docs/import.md', 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, field, , headers]) => /^`\w+`$/.test(field ?? '') && headers?.startsWith('`'));
  const documented = rows.map(([, field = '', , headers = '']) => [
    field.replaceAll('`', ''),
    headers.replaceAll('`', '').toLowerCase().split(', '),
  ]);
  expect(Object.fromEntries(documented)).toEqual({ ...CONTACT, ...CUSTOMER });
});
