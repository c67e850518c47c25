import { describe, expectTypeOf, test } from 'vitest';
import type { WriteOutcome } from '../../shared/erp/associates/types.ts';
import type { Decision, Failure, FailureCode } from '../../shared/failure.ts';
import type { Personal } from '../../shared/privacy/index.ts';
import type { AssociateNo, CrmId, CustomerNo, RecordRef } from '../../shared/record/index.ts';
import type { ContactValues, CustomerValues } from '../../shared/record/types.ts';

// Checked by `npm run types`: a type that grew loose would let through what the compiler now refuses.
describe('the types that others rely on', () => {
  test('tell the numbers and ids apart', () => {
    expectTypeOf<AssociateNo>().toExtend<number>();
    expectTypeOf<number>().not.toExtend<AssociateNo>();
    expectTypeOf<AssociateNo>().not.toExtend<CustomerNo>();
    expectTypeOf<CustomerNo>().not.toExtend<AssociateNo>();
    expectTypeOf<string>().not.toExtend<CrmId>();
    expectTypeOf<RecordRef['crmId']>().toEqualTypeOf<CrmId>();
  });

  test('have no personal value as a plain text', () => {
    expectTypeOf<string>().not.toExtend<Personal>();
    expectTypeOf<NonNullable<CustomerValues['address']>>().toEqualTypeOf<Personal>();
    expectTypeOf<NonNullable<ContactValues['name']>>().toEqualTypeOf<Personal>();
  });

  test('close what can come of a write, and of a failure', () => {
    expectTypeOf<WriteOutcome['kind']>().toEqualTypeOf<'written' | 'gone' | 'lost' | 'changed' | 'not-sent'>();
    expectTypeOf<Decision>().toEqualTypeOf<'wait' | 'retry' | 'configuration' | 'refuse' | 'bug'>();
    expectTypeOf<string>().not.toExtend<FailureCode>();
    expectTypeOf<Failure['code']>().toEqualTypeOf<FailureCode>();
  });
});
