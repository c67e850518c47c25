import { FAILURES } from '../../failure.ts';
import type { Flow, FlowStatus } from '../../flow/index.ts';
import { iso, isOpen, type FailedRow, type PendingRow, type Rows } from '../../store/index.ts';
import { QUEUES } from '../../storage-names.ts';
import type { SyncDeps } from '../deps.ts';
import { countDifferences, type Differences } from './differences.ts';
import { eachOf } from './failures.ts';
import { openFieldsOf, type OpenFields } from './open-fields-of.ts';

/** The whole sync at a glance; times are ISO 8601, UTC. */
export interface Status {
  readonly mode: 'write' | 'plan';
  readonly flow: FlowStatus;
  /** The CRM's side of the write-back; null when no numbers are written back. */
  readonly crmFlow: FlowStatus | null;
  readonly queues: Readonly<Record<string, number>>;
  /** Changes not yet applied that need nobody. */
  readonly pending: number;
  readonly oldestPendingAt: string | null;
  /** Of those: contacts that wait for their customer, and records that wait for their next attempt. */
  readonly waitingForCustomer: number;
  readonly waitingForNextAttempt: number;
  /** Decided under SYNC_MODE=plan; written once the mode is write. */
  readonly planned: number;
  /** Numbers the CRM has not taken yet. */
  readonly writeBacksOwed: number;
  /** Due for minutes and not fed: the sweep does not seem to run. */
  readonly overdue: number;
  /** Records by what they wait for a person with; one of which only fields wait is among them. */
  readonly failures: Readonly<Record<string, number>>;
  readonly oldestFailureAt: string | null;
  readonly beingReplayed: number;
  /** Rows of the ledger that this version of the program cannot read. */
  readonly unreadable: number;
  /** What the last comparison of both systems found and nobody has settled; null before the first. */
  readonly differences: DifferenceCounts | null;
  readonly needsPerson: boolean;
}

export interface DifferenceCounts {
  /** When it ended, ISO 8601, UTC. */
  readonly at: string;
  /** For a person: every kind but customers and contacts that only the ERP has, which may be as they should be. */
  readonly count: number;
  readonly onlyInErp: number;
}

export interface StatusDeps {
  readonly sync: SyncDeps;
  readonly writeBack: { readonly flow: Flow };
  readonly control: Rows;
}

/** The sweep runs every SWEEP_SECONDS; after a few of them, and the time a message may hide, nobody has looked. */
const MISSED_SWEEPS = 3;
const GRACE_MS = 120_000;

/** True when it stays stopped until somebody mends something. */
export const stopsForPerson = (status: FlowStatus): boolean =>
  status.is === 'stopped' && FAILURES[status.code].decision === 'configuration';

/** Some twenty storage requests, and one more for each thousand changes on their way. */
export async function readStatus({ sync, writeBack, control }: StatusDeps): Promise<Status> {
  const { ledger, queues, flow, now, settings } = sync;
  const pending: PendingRow[] = [];
  const failed: FailedRow[] = [];
  const fields: OpenFields[] = [];
  let writeBacksOwed = 0;
  let unreadable = 0;
  const [erpFlow, crmFlow, depths, , last] = await Promise.all([
    flow.status(),
    settings.CRM_API_URL === undefined ? null : writeBack.flow.status(),
    queues.depths(),
    eachOf(ledger, ['outbox', 'failed', 'fields', 'pending'], (listed) => {
      if (listed.is === 'unreadable') unreadable += 1;
      else if (listed.is === 'pending') pending.push(listed.row);
      else if (listed.is === 'failed') failed.push(listed.row);
      else if (listed.is === 'fields') fields.push(...openFieldsOf(listed.row).filter(needsPerson));
      else if (listed.row.what === 'writeback') writeBacksOwed += 1;
    }),
    countDifferences(control),
  ]);
  const time = iso(now());
  const lateBefore = iso(now() - MISSED_SWEEPS * settings.SWEEP_SECONDS * 1000 - GRACE_MS);
  const open = pending.filter(isOpen);
  // A full queue is fed no further, however long its messages are due.
  const isBusy = (depths[QUEUES.changes] ?? 0) > 0 || erpFlow.is !== 'open';
  const overdue = isBusy ? 0 : open.filter(({ dueAt }) => dueAt < lateBefore).length;
  const differences = last === null ? null : countsOf(last);
  const failures: Record<string, number> = {};
  for (const { code } of [...failed, ...fields].sort((a, b) => (a.code < b.code ? -1 : 1)))
    failures[code] = (failures[code] ?? 0) + 1;
  return {
    mode: settings.SYNC_MODE,
    flow: erpFlow,
    crmFlow,
    queues: depths,
    pending: open.length,
    oldestPendingAt: earliest(open.map(({ receivedAt }) => receivedAt)),
    waitingForCustomer: open.filter(({ waitingSince }) => waitingSince !== '').length,
    waitingForNextAttempt: open.filter(({ notBefore, waitingSince }) => waitingSince === '' && notBefore > time).length,
    planned: pending.filter(({ status }) => status === 'planned').length,
    writeBacksOwed,
    overdue,
    failures,
    oldestFailureAt: earliest([...failed, ...fields].map(({ since }) => since)),
    beingReplayed: failed.filter(({ replayedAt }) => replayedAt !== '').length,
    unreadable,
    differences,
    needsPerson:
      overdue > 0 ||
      unreadable > 0 ||
      stopsForPerson(erpFlow) ||
      (crmFlow !== null && stopsForPerson(crmFlow)) ||
      fields.length > 0 ||
      (differences !== null && differences.count > 0) ||
      failed.some(({ replayedAt }) => replayedAt === ''),
  };
}

function countsOf({
  at,
  counts: { 'only-in-erp': onlyInErp, ...counts },
}: Pick<Differences, 'at' | 'counts'>): DifferenceCounts {
  return { at, onlyInErp, count: Object.values(counts).reduce((sum, each) => sum + each, 0) };
}

/** What is only listed, because nothing is written to the CRM, needs nobody. */
const needsPerson = ({ code }: OpenFields): boolean => code !== 'to-crm';

const earliest = (times: readonly string[]): string | null =>
  times.length === 0 ? null : times.reduce((a, b) => (a < b ? a : b));
