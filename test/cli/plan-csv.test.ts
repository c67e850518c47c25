import { describe, expect, it } from 'vitest';
import { planCsv } from '../../cli/import/plan-csv.ts';
import type { PlannedRow } from '../../shared/import/index.ts';
import { printableLine } from '../../shared/printable.ts';
import { Personal } from '../../shared/privacy/index.ts';

const row = (to: string): PlannedRow => ({
  file: 'kunder.csv',
  line: 2,
  kind: 'customer',
  crmId: 'C-1',
  outcome: 'would-update',
  why: '',
  fields: ['name'],
  candidates: [500],
  warnings: [],
  changes: [{ column: 'name', from: new Personal('Før; "AS"'), to: new Personal(to) }],
  basis: 'x',
});

describe('a plan for Excel', () => {
  it('has the mark of UTF-8, semicolons and quotes, and masks values unless they are asked for', () => {
    const masked = planCsv([row('Etter AS')], undefined);
    expect(masked.startsWith('\ufeffrecord;where;')).toBe(true);
    expect(masked).not.toMatch(/Før|Etter/);
    const shown = planCsv([row('Etter AS')], new Map([['kunder.csv:2', 'Etter AS']]));
    expect(shown).toContain('customer:C-1;kunder.csv:2;Etter AS;would-update;;500;name;"Før; ""AS""";Etter AS;');
  });

  it.each(['=1+1', '+47 920', '-x', '@cmd', '\tx'])('never holds a formula: %o', (text) => {
    expect(planCsv([row(text)], new Map())).toContain(`'${printableLine(text)}`);
  });
});
