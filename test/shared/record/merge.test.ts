import { describe, expect, it } from 'vitest';
import { changeOf, mergedEvent } from './events.ts';

const GUID = 'a16b3f4b-1f2e-4c3d-9b8a-001122334455';

describe('a merged record', () => {
  it.each(['customer', 'contact'])('says into which one: %s', (kind) => {
    const change = changeOf(mergedEvent({}, { type: `${kind}.merged` }));
    expect(change).toMatchObject({ ref: { kind, crmId: 'C-1001' }, body: { op: 'merge', kind, into: 'C-1002' } });
  });

  it('is named by an id that may have blanks, and braces around a GUID', () => {
    const change = changeOf(mergedEvent({ crmId: ' C-1 ', mergedIntoCrmId: ` {${GUID}} ` }));
    expect(change).toMatchObject({ ref: { crmId: 'C-1' }, body: { into: GUID } });
  });

  it.each([
    ['value.missing', undefined],
    ['value.missing', null],
    ['value.invalid', ''],
    ['value.invalid', 'C 2'],
    ['value.invalid', 2],
    // Into itself.
    ['value.invalid', 'C-1001'],
    ['value.invalid', ' C-1001 '],
  ])('is failed with %s for %j', (code, mergedIntoCrmId) => {
    const change = changeOf(mergedEvent({ mergedIntoCrmId }));
    expect(change.body).toEqual({
      op: 'invalid',
      kind: 'customer',
      problems: [{ code, pointer: '/0/data/mergedIntoCrmId' }],
    });
  });
});
