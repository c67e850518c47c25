import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';

export interface NumberInterval {
  readonly from: number;
  readonly to: number;
}

/** The interval for new customer numbers, if one is set. */
export function numberInterval(settings: Settings): NumberInterval | undefined {
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = settings;
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** A number the ERP gave must be one, and one of ours. */
export function checkGivenNumber(settings: Settings, given: number): Failure | null {
  const interval = numberInterval(settings);
  const isFine = given > 0 && (interval === undefined || (given >= interval.from && given <= interval.to));
  return isFine ? null : new Failure('erp.number-invalid', { candidates: [given] });
}
