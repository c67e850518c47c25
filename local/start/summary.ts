import type { RecordRef } from '../../shared/record/index.ts';
import type { StateRow } from '../../shared/store/index.ts';
import { SAMPLE_ROWS, type SandboxRow } from '../nxt/index.ts';
import type { LocalCrm } from './local-crm/index.ts';
import { refText, type Attempt } from './log-lines.ts';

/** What is known of one record at the end, from the ledger, the ERP, the CRM and the log. */
export interface Known {
  readonly ref: RecordRef;
  readonly state: StateRow | null;
  readonly row: SandboxRow | undefined;
  readonly attempts: readonly Attempt[];
}

const DONE = new Set(['created', 'linked', 'updated', 'deleted', 'cleared', 'marked', 'merged']);

export const SUMMARY_HEADER = ['record', 'name in the ERP', 'customer no', 'actor no', 'CRM has them', 'what happened'];

/** One line of the table: who, which numbers, whether the CRM got them, what was done to the ERP's row. */
export function summaryOf(known: Known, crm: Pick<LocalCrm, 'hasNumber'>): readonly string[] {
  const { ref, state, row } = known;
  return [
    refText(ref),
    row?.name ?? '-',
    ref.kind === 'contact' ? '' : String(state?.customerNo ?? '-'),
    String(state?.associateNo ?? '-'),
    isWithCrm(known, crm) ? 'yes' : 'no',
    whatHappened(known),
  ];
}

export const isWithCrm = ({ ref, state }: Known, crm: Pick<LocalCrm, 'hasNumber'>): boolean =>
  crm.hasNumber(ref, state?.associateNo ?? null);

function whatHappened({ ref, attempts, state, row }: Known): string {
  const applied = attempts.filter(({ event }) => event === 'apply');
  const waited = applied.some(({ code }) => code === 'customer.missing') ? ['waited for its customer'] : [];
  const steps = applied
    .filter(({ outcome }) => DONE.has(outcome) || outcome.startsWith('plan:'))
    .map(({ outcome }) => (outcome === 'linked' ? `linked, not doubled${asItWas(state, row)}` : outcome));
  const under = ref.kind === 'contact' && state?.parentNo ? [`under actor ${state.parentNo}`] : [];
  return [...waited, ...steps, ...under].join(', ') || '-';
}

/** How the row stood in the ERP before. */
function asItWas(state: StateRow | null, row: SandboxRow | undefined): string {
  const before = SAMPLE_ROWS.find(({ associateNo }) => associateNo === state?.associateNo);
  if (before?.supplierNo !== undefined && before.customerNo === undefined) return ' (was a supplier only)';
  return before?.companyNo === undefined || row === undefined ? '' : ` (there as “${before.companyNo}”)`;
}
