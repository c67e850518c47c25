import type { AssociateNo } from '../../shared/record/index.ts';
import { organizationDigits } from '../../shared/record/index.ts';
import { Failure, type FailureCode } from '../../shared/failure.ts';
import { Personal } from '../../shared/privacy/index.ts';
import type {
  AssociateRow,
  Associates,
  BeforeSend,
  NxtAssociates,
  RowValues,
  WriteOutcome,
} from '../../shared/erp/index.ts';
import { EMPTY } from '../kit/plain-erp.ts';
import type { SeededRandom } from './seeded-random.ts';
import { ODD_NAME, REFUSED_NAME } from './history.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Below NXT_TIMEOUT_SECONDS when it answers; as long as 55 s when it does not and still carries the write out. */
const LATEST_LANDING_MS = 55_000;
const TIMEOUT_MS = 30_000;

/** One change of a row, as its table has it. */
export interface ErpChange {
  readonly by: 'person' | 'program';
  readonly before: AssociateRow | null;
  /** Null when the row was deleted. */
  readonly after: AssociateRow | null;
  /** What was sent. */
  readonly columns: readonly string[];
}

/** The ERP in memory. How often what goes wrong can be changed while it runs. */
export class MemoryErp {
  readonly rows = new Map<number, AssociateRow>();
  readonly #time: VirtualTime;
  readonly #random: SeededRandom;
  /** 0 to 1: of the requests, those whose answer is lost, and those refused for the moment. */
  lost = 0;
  refused = 0;
  /** Whether a write whose answer is lost happens, now or later; or always at once. */
  lands: 'perhaps' | 'always' = 'perhaps';
  /** Whether it refuses rows whose name says so. */
  refuses = true;
  /** What every request meets while it lasts. */
  outage: FailureCode | null = null;
  /** What of its rows is seen to change, and by whom. */
  onChange: ((change: ErpChange) => void) | null = null;
  /** Rows of which an answer to a write was lost. */
  readonly unheard = new Set<number>();
  /** What its server's clock is ahead of UTC, milliseconds. */
  aheadOfUtc: (now: number) => number = () => 0;
  readonly #changedAt = new Map<number, string>();
  #given = 0;
  /** Requests that reached it, or that it did not take. */
  requests = 0;
  probes = 0;

  constructor(time: VirtualTime, random: SeededRandom) {
    this.#time = time;
    this.#random = random;
  }

  /** A row that accounting has. */
  seed(row: Partial<AssociateRow> & Pick<AssociateRow, 'associateNo'>): void {
    this.rows.set(row.associateNo, { ...EMPTY, ...row });
  }

  /** A person changes a row, or deletes it. */
  edit(associateNo: number, change: RowValues | 'delete'): void {
    const row = this.rows.get(associateNo);
    if (!row) return;
    if (change !== 'delete') this.#store('person', row, { ...row, ...change }, change);
    else {
      this.rows.delete(associateNo);
      this.onChange?.({ by: 'person', before: row, after: null, columns: [] });
    }
  }

  #store(by: ErpChange['by'], before: AssociateRow | null, after: AssociateRow, values: RowValues): AssociateRow {
    const now = this.#time.now();
    this.rows.set(after.associateNo, after);
    this.#changedAt.set(after.associateNo, new Date(now + this.aheadOfUtc(now)).toISOString().slice(0, 19));
    this.onChange?.({ by, before, after, columns: Object.keys(values) });
    return after;
  }

  client(report: (failure: Failure | null) => void): NxtAssociates {
    const ask = async <T>(work: () => T): Promise<T> => {
      await this.#hop(report);
      const result = work();
      await this.#time.hop();
      report(null);
      return result;
    };
    const send = (
      values: RowValues,
      beforeSend: BeforeSend,
      land: () => WriteOutcome,
      row = 0,
    ): Promise<WriteOutcome> => this.#send(values, beforeSend, land, report, row);
    const update: NxtAssociates['update'] = (no, values, beforeSend, expected = {}) =>
      send(
        values,
        beforeSend,
        () => {
          this.#refuse(values);
          const row = this.rows.get(no);
          if (!row) return { kind: 'gone' };
          if (!holds(row, expected)) return { kind: 'changed' };
          return { kind: 'written', row: this.#store('program', row, { ...row, ...values }, values) };
        },
        no,
      );
    return {
      find: (selector) => ask(() => [...this.rows.values()].filter((row) => fits(row, selector))),
      create: ({ kind, values }, beforeSend) =>
        send(values, beforeSend, () => {
          this.#refuse(values);
          // Numbers of rows that were deleted are not given again.
          const associateNo = Math.max(this.#given, this.rows.size) + 1;
          this.#given = associateNo;
          const row: AssociateRow = { ...EMPTY, ...values, associateNo: associateNo as AssociateNo };
          const isNumbered = kind === 'customer' && row.customerNo === 0;
          const numbered = isNumbered ? { ...row, customerNo: 10_000 + associateNo } : row;
          return { kind: 'written', row: this.#store('program', null, numbered, values) };
        }),
      update,
      // Its rows have no columns that are never read.
      erase: update,
      delete: async () => {
        throw new Error('no history of this campaign deletes rows');
      },
      highestCustomerNo: () => ask(() => Math.max(0, ...[...this.rows.values()].map((row) => row.customerNo))),
      nextCustomerNo: async () => {
        throw new Error('no history of this campaign numbers a row that is there');
      },
      changedSince: (since) => this.#changedSince(since, ask),
      scan: async function* () {
        yield [];
      },
      probe: async () => {
        this.probes += 1;
        await ask(() => undefined);
      },
      facts: async () => ({}),
      schema: async () => {
        throw new Error('nobody asks this ERP for its columns');
      },
    };
  }

  async *#changedSince(since: string, ask: <T>(work: () => T) => Promise<T>) {
    yield await ask(() =>
      [...this.rows.values()].filter((row) => (this.#changedAt.get(row.associateNo) ?? '') >= since),
    );
  }

  #refuse({ name }: RowValues): void {
    if (this.refuses && name?.reveal().includes(REFUSED_NAME)) throw new Failure('erp.row-refused');
  }

  async #hop(report: (failure: Failure | null) => void): Promise<void> {
    await this.#time.hop();
    this.requests += 1;
    if (this.outage === null && !this.#random.chance(this.refused)) return;
    const failure = new Failure(this.outage ?? (this.#random.chance(0.5) ? 'erp.unreachable' : 'erp.rate-limited'));
    report(failure);
    throw failure;
  }

  /** As the client judges it: others are answered, so that it is this record's own, and nothing was stored. */
  async #answerBadly(report: (failure: Failure | null) => void): Promise<WriteOutcome> {
    const cause = new Failure('erp.request-failed');
    report(null);
    if (this.#random.chance(0.5)) throw cause;
    await this.#time.sleep(this.#random.below(TIMEOUT_MS));
    return { kind: 'lost', cause };
  }

  async #send(
    { name }: RowValues,
    beforeSend: BeforeSend,
    land: () => WriteOutcome,
    report: (failure: Failure | null) => void,
    row: number,
  ): Promise<WriteOutcome> {
    const isOdd = name?.reveal().includes(ODD_NAME) === true;
    await this.#time.hop();
    if (!(await beforeSend())) return { kind: 'not-sent' };
    await this.#hop(report);
    if (isOdd) return this.#answerBadly(report);
    if (!this.#random.chance(this.lost)) {
      const outcome = land();
      await this.#time.hop();
      report(null);
      return outcome;
    }
    this.unheard.add(row);
    const roll = this.lands === 'always' ? 0 : this.#random.next();
    if (roll < 0.8)
      void this.#time.sleep(roll < 0.4 ? 0 : this.#random.below(LATEST_LANDING_MS)).then(() => tryTo(land));
    await this.#time.sleep(this.#random.below(TIMEOUT_MS));
    const cause = new Failure('erp.timeout');
    report(cause);
    return { kind: 'lost', cause };
  }
}

const textOf = (value: unknown): string => (value instanceof Personal ? value.reveal() : String(value));
const holds = (row: AssociateRow, values: RowValues): boolean =>
  Object.entries(values).every(([column, value]) => textOf(value) === textOf(row[column as keyof RowValues]));

/** Nobody hears that a write that lands later was refused. */
function tryTo(land: () => WriteOutcome): void {
  try {
    land();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
  }
}

function fits(row: AssociateRow, selector: Parameters<Associates['find']>[0]): boolean {
  const { externalId, associateNo, customerNo, organizationDigits: digits, contactsOf, pointingAt } = selector;
  return (
    (externalId !== undefined && row.externalId === externalId) ||
    (associateNo !== undefined && row.associateNo === associateNo) ||
    (customerNo !== undefined && row.customerNo === customerNo) ||
    (digits !== undefined && organizationDigits(row.companyNo) === digits) ||
    (contactsOf !== undefined && row.contactFor === contactsOf) ||
    (pointingAt !== undefined && (row.contactFor === pointingAt || row.deliverTo === pointingAt))
  );
}
