import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import type { RecordRef } from '../../record/index.ts';

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

/** How external ids of this program begin, such as `crm:`. */
export const externalIdPrefix = ({ NXT_EXTERNAL_ID_PREFIX }: Settings): string => `${NXT_EXTERNAL_ID_PREFIX}:`;

/** `crm:customer:C-1001`; null where no column holds it. The kind is in it: CRMs number each kind separately. */
export function externalIdOf(settings: Settings, { kind, crmId }: RecordRef): string | null {
  return settings.NXT_EXTERNAL_ID_COLUMN === 'none' ? null : `${externalIdPrefix(settings)}${kind}:${crmId}`;
}
