import type { RecordRef } from '../../record/index.ts';
import type { Settings } from '../../settings.ts';

/** How external ids of this program begin, such as `crm:`. */
export const externalIdPrefix = ({ NXT_EXTERNAL_ID_PREFIX }: Settings): string => `${NXT_EXTERNAL_ID_PREFIX}:`;

/** `crm:customer:C-1001`; null where no column holds it. The kind is in it: CRMs number each kind separately. */
export function externalIdOf(settings: Settings, { kind, crmId }: RecordRef): string | null {
  return settings.NXT_EXTERNAL_ID_COLUMN === 'none' ? null : `${externalIdPrefix(settings)}${kind}:${crmId}`;
}
