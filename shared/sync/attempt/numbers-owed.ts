import type { StateRow } from '../../store/index.ts';
import type { SyncDeps } from '../deps.ts';

/** The CRM is told the numbers of a link that a person made, as of any other. */
export function owedNumbers(
  { settings }: SyncDeps,
  { ref, parentNo }: StateRow,
  { associateNo, customerNo }: Pick<StateRow, 'associateNo' | 'customerNo'>,
): { readonly state: Partial<StateRow>; readonly owed: readonly ('wake' | 'writeback')[] } {
  const wake = ref.kind === 'customer' ? (['wake'] as const) : [];
  if (settings.CRM_API_URL === undefined || (ref.kind === 'customer' && customerNo === null)) {
    return { state: {}, owed: wake };
  }
  const numbersOwed = `${associateNo ?? 0}/${customerNo ?? 0}/${parentNo ?? 0}`;
  return { state: { numbersOwed, awaitsCrmUrl: false }, owed: [...wake, 'writeback'] };
}
