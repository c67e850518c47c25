import type { CustomerNo } from '../change/index.ts';
import { Failure } from '../failure.ts';
import type { Settings } from '../settings.ts';
import type { SyncDeps } from './deps.ts';

export interface NumberInterval {
  readonly from: number;
  readonly to: number;
}

/** The interval for new customer numbers, if one is set. */
export function numberInterval(settings: Settings): NumberInterval | undefined {
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = settings;
  return from === undefined || to === undefined ? undefined : { from, to };
}

/** The next free customer number, for a row that already exists (the ERP suggests numbers only at a create). */
export async function nextCustomerNo({ erp, settings }: SyncDeps): Promise<CustomerNo> {
  const interval = numberInterval(settings);
  const next = Math.max((await erp.highestCustomerNo(interval)) + 1, interval?.from ?? 1);
  if (interval && next > interval.to) throw new Failure('erp.number-interval-full');
  return next as CustomerNo;
}

/** A number the ERP gave must be one, and one of ours. */
export function checkGivenNumber(settings: Settings, given: number): Failure | null {
  const interval = numberInterval(settings);
  const isFine = given > 0 && (interval === undefined || (given >= interval.from && given <= interval.to));
  return isFine ? null : new Failure('erp.number-invalid', { candidates: [given] });
}
