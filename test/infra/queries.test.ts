import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { INFRA } from './deployments.ts';
import { findQueryProblems } from './kusto.ts';

const alerts = readdirSync(join(INFRA, 'queries')).map(
  (name) => [name, readFileSync(join(INFRA, 'queries', name), 'utf8')] as const,
);

const workbook = JSON.parse(readFileSync(join(INFRA, 'workbook.json'), 'utf8')) as {
  items: { name: string; content: { query?: string } }[];
};
// The workbook fills in what stands in braces.
const charts = workbook.items
  .filter(({ content }) => content.query !== undefined)
  .map(({ name, content }) => [`workbook: ${name}`, (content.query ?? '').replaceAll('{range:grain}', '5m')] as const);

test.each([...alerts, ...charts])('Kusto takes %s', (_, query) => {
  expect(findQueryProblems(query)).toEqual([]);
});

test('there is something to ask Kusto', () => {
  expect(alerts.length).toBeGreaterThanOrEqual(7);
  expect(charts.length).toBeGreaterThanOrEqual(8);
});

test.each([
  ['a reserved word as a column', 'AppTraces | summarize last = max(TimeGenerated)', /bracketed/],
  ['an unknown column', 'AppTraces | where Mesage has "x"', /Mesage/],
  ['an unknown table', 'AppTrace | count', /AppTrace/],
  ['a missing parenthesis', 'AppTraces | summarize value = count(', /./],
])('%s is noticed', (_, query, said) => {
  expect(findQueryProblems(query).join('\n')).toMatch(said);
});
