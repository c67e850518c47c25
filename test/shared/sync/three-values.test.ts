import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Owner } from '../../../shared/record/index.ts';
import { judgeField, readAfterWrite, type ThreeValues } from '../../../shared/sync/decide/three-values.ts';

const OWNERS = ['crm', 'erp', 'both', 'ask'] as const satisfies readonly Owner[];
const inSync = (value: string) => ({ crm: value, erp: value });
const judge = (base: string, crm: string | null, erp: string, owner: Owner = 'both') =>
  judgeField({ base: inSync(base), crm, erp }, owner);

describe('one field between two systems', () => {
  test.each(OWNERS)('nothing changed: nothing happens (%s)', (owner) => {
    expect(judge('a', 'a', 'a', owner)).toBe('stay');
  });

  test('where a link was made without writing, the CRM does not clear what it never had', () => {
    const base = { crm: 'a', erp: 'b' };
    expect(judgeField({ base, crm: '', erp: 'b' }, 'both')).toBe('conflict');
    expect(judgeField({ base, crm: 'c', erp: 'b' }, 'both')).toBe('to-erp');
    expect(judgeField({ base, crm: 'a', erp: 'b' }, 'both')).toBe('stay');
  });

  test.each(OWNERS)('a field the CRM does not manage is left alone (%s)', (owner) => {
    expect(judge('a', null, 'b', owner)).toBe('stay');
  });

  test.each([
    ['crm', 'to-erp'],
    ['both', 'to-erp'],
    ['ask', 'to-erp'],
    ['erp', 'not-allowed'],
  ] as const)('the CRM alone changed it: owner %s gives %s', (owner, verdict) => {
    expect(judge('a', 'b', 'a', owner)).toBe(verdict);
  });

  test.each([
    ['crm', 'not-allowed'],
    ['both', 'to-crm'],
    ['ask', 'conflict'],
    ['erp', 'to-crm'],
  ] as const)('the ERP alone changed it: owner %s gives %s', (owner, verdict) => {
    expect(judge('a', 'a', 'b', owner)).toBe(verdict);
  });

  test.each([
    ['crm', 'to-erp'],
    ['both', 'conflict'],
    ['ask', 'conflict'],
    ['erp', 'to-crm'],
  ] as const)('both changed it, differently: owner %s gives %s', (owner, verdict) => {
    expect(judge('a', 'b', 'c', owner)).toBe(verdict);
  });

  test.each(OWNERS)('both changed it to the same: that is the base from now on (%s)', (owner) => {
    expect(judge('a', 'b', 'b', owner)).toBe('agreed');
  });

  test.each(OWNERS)('emptied in the ERP is no edit (%s)', (owner) => {
    expect(judge('a', 'a', '', owner)).toBe('stay');
    expect(judge('a', 'b', '', owner)).toBe(owner === 'erp' ? 'not-allowed' : 'to-erp');
  });

  test('the CRM clears what the ERP still holds, and never what was edited there', () => {
    expect(judge('a', '', 'a')).toBe('to-erp');
    for (const owner of OWNERS) expect(judge('a', '', 'b', owner)).toBe('conflict');
  });

  test('a link that was made without writing: what differed then is nobody’s edit', () => {
    const linked = { crm: 'their name', erp: 'our name' };
    expect(judgeField({ base: linked, crm: 'their name', erp: 'our name' }, 'both')).toBe('stay');
    expect(judgeField({ base: linked, crm: 'their name', erp: 'another' }, 'both')).toBe('to-crm');
    expect(judgeField({ base: linked, crm: 'another', erp: 'our name' }, 'both')).toBe('to-erp');
  });

  const text = fc.constantFrom('', 'a', 'b', 'c');
  const values: fc.Arbitrary<ThreeValues> = fc.record({
    base: fc.option(fc.record({ crm: text, erp: text })),
    crm: fc.option(text),
    erp: text,
  });

  test('once carried out, a verdict asks for nothing more: no field swings to and fro', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(...OWNERS), (before, owner) => {
        const verdict = judgeField(before, owner);
        const { crm, erp } = before;
        if (crm === null || verdict === 'stay' || verdict === 'not-allowed' || verdict === 'conflict') return;
        const value = verdict === 'to-crm' ? erp : crm;
        expect(judgeField({ base: inSync(value), crm: value, erp: value }, owner)).toBe('stay');
      }),
    );
  });

  test('nothing empty ever flows to the CRM', () => {
    fc.assert(
      fc.property(values, fc.constantFrom(...OWNERS), (before, owner) => {
        if (judgeField(before, owner) === 'to-crm') expect(before.erp).not.toBe('');
      }),
    );
  });
});

describe('a snapshot after a write to the CRM', () => {
  const at = (time: string, version: number | null = null) => ({ at: `2026-11-21T${time}.000Z`, version });
  const tried = at('08:00:05');
  const sent = { value: 'new', replaced: ['old'], tried, answeredAt: '2026-11-21T08:00:10.000Z' };
  const unanswered = { ...sent, answeredAt: '' };
  /** Sent on version 3 of the record. */
  const versioned = { ...sent, tried: at('08:00:05', 3) };

  test('that shows the value has it', () => {
    expect(readAfterWrite('new', sent, at('08:00:00'))).toBe('shown');
  });

  test('that was taken before the answer and shows the replaced value says nothing', () => {
    expect(readAfterWrite('old', sent, at('08:00:09'))).toBe('silent');
    expect(readAfterWrite('old', versioned, at('08:00:09', 4))).toBe('silent');
    expect(readAfterWrite('old', unanswered, at('09:00:00'))).toBe('silent');
  });

  test('that was taken later shows what the CRM made of it', () => {
    expect(readAfterWrite('old', sent, at('08:00:11'))).toBe('after');
    expect(readAfterWrite('third', sent, at('08:00:11'))).toBe('after');
  });

  test('that shows a third value before the answer is the CRM’s own word', () => {
    expect(readAfterWrite('third', sent, at('08:00:09'))).toBe('says');
    expect(readAfterWrite('third', unanswered, at('09:00:00'))).toBe('says');
  });

  test('of a later version than the write was decided on was made of it, once the CRM has taken it', () => {
    expect(readAfterWrite('third', versioned, at('08:00:06', 5))).toBe('after');
    expect(readAfterWrite('third', { ...versioned, answeredAt: '' }, at('08:00:06', 5))).toBe('unknown');
  });

  test('that was made before the write left is the CRM’s own word, whatever its version', () => {
    expect(readAfterWrite('third', versioned, at('08:00:04', 5))).toBe('says');
    expect(readAfterWrite('third', { ...versioned, answeredAt: '' }, at('08:00:06', 3))).toBe('says');
  });
});
