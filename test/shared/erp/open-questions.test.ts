import { describe, expect, test } from 'vitest';
import type { Failure } from '../../../shared/failure.ts';
import { contact, customer, openSandbox, yes } from './support.ts';

/* Facts about the ERP that nobody has verified: whichever way they turn out, the answers mean the same. */

describe.each(['alias', 'field'] as const)('an error whose path holds the field’s %s', (errorPaths) => {
  test.each(['en', 'no'] as const)('is its row’s, in the language %s', async (language) => {
    await using erp = await openSandbox({ errorPaths, language, rows: [{ name: 'A', customerNo: 12_345 }] });
    const rows = [
      customer({ name: 'B' }),
      customer({ name: 'x'.repeat(81) }),
      customer({ name: 'C', customerNo: 12_345 }),
      contact(1),
      contact(1, 'y'.repeat(81)),
    ];
    const outcomes = await Promise.allSettled(rows.map((row) => erp.associates.create(row, yes)));
    expect(
      outcomes.map((each) => (each.status === 'fulfilled' ? each.value.kind : (each.reason as Failure).code)),
    ).toEqual(['written', 'value.too-long', 'erp.number-in-use', 'written', 'value.too-long']);
    expect(erp.sandbox.doubles()).toEqual([]);
  });
});

test('a full interval is one in Norwegian, too', async () => {
  const rows = [{ name: 'A', customerNo: 10_001 }];
  const interval = { NXT_CUSTOMER_NUMBER_FROM: 10_000, NXT_CUSTOMER_NUMBER_TO: 10_001 };
  await using erp = await openSandbox({ language: 'no', rows }, interval);
  await expect(erp.associates.create(customer(), yes)).rejects.toMatchObject({ code: 'erp.number-interval-full' });
});

test('warnings of an answer are counted in its log line, and their text goes nowhere', async () => {
  await using erp = await openSandbox(
    {},
    {},
    {
      fetch: async (url, init) => {
        const response = await fetch(url, init);
        if (typeof init?.body !== 'string' || !init.body.includes('associate_probe')) return response;
        const answer = (await response.json()) as { readonly extensions: object };
        const warnings = [{ message: 'Column "Kari Nordmann" is deprecated' }, { message: 'x' }];
        return Response.json({ ...answer, extensions: { ...answer.extensions, warnings } });
      },
    },
  );
  await erp.associates.probe();
  expect(erp.lines.map(({ operation, warnings }) => [operation, warnings])).toEqual([
    ['associate_schema', 0],
    ['associate_probe', 2],
  ]);
  expect(JSON.stringify(erp.lines)).not.toContain('Kari');
});

test('an ERP that gives up after 59 seconds has not carried the write out for certain', async () => {
  await using erp = await openSandbox({ executionSeconds: 0.01, latencyMs: 20, language: 'no' });
  const { faults } = erp.sandbox;
  faults.latencyMs = 0;
  await erp.associates.schema();
  faults.latencyMs = 20;
  expect(await erp.associates.create(customer(), yes)).toMatchObject({ kind: 'lost', cause: { code: 'erp.timeout' } });
});
