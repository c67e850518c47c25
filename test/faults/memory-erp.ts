import type { AssociateNo } from '../../shared/record/index.ts';
import { organizationDigits } from '../../shared/record/index.ts';
import { Failure, type FailureCode } from '../../shared/failure.ts';
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

  client(report: (failure: Failure | null) => void): NxtAssociates {
    const ask = async <T>(work: () => T): Promise<T> => {
      await this.#hop(report);
      const result = work();
      await this.#time.hop();
      report(null);
      return result;
    };
    const send = (values: RowValues, beforeSend: BeforeSend, land: () => WriteOutcome): Promise<WriteOutcome> =>
      this.#send(values, beforeSend, land, report);
    const update: NxtAssociates['update'] = (no, values, beforeSend) =>
      send(values, beforeSend, () => {
        this.#refuse(values);
        const row = this.rows.get(no);
        if (row) this.rows.set(no, { ...row, ...values });
        return written(this.rows.get(no));
      });
    return {
      find: (selector) => ask(() => [...this.rows.values()].filter((row) => fits(row, selector))),
      create: ({ kind, values }, beforeSend) =>
        send(values, beforeSend, () => {
          this.#refuse(values);
          const associateNo = (this.rows.size + 1) as AssociateNo;
          const row: AssociateRow = { ...EMPTY, ...values, associateNo };
          const isNumbered = kind === 'customer' && row.customerNo === 0;
          this.rows.set(associateNo, isNumbered ? { ...row, customerNo: 10_000 + associateNo } : row);
          return written(this.rows.get(associateNo));
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
      // Nobody but the program changes a row here.
      changedSince: async function* () {
        yield [];
      },
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
    const roll = this.lands === 'always' ? 0 : this.#random.next();
    if (roll < 0.8)
      void this.#time.sleep(roll < 0.4 ? 0 : this.#random.below(LATEST_LANDING_MS)).then(() => tryTo(land));
    await this.#time.sleep(this.#random.below(TIMEOUT_MS));
    const cause = new Failure('erp.timeout');
    report(cause);
    return { kind: 'lost', cause };
  }
}

const written = (row: AssociateRow | undefined): WriteOutcome =>
  row === undefined ? { kind: 'gone' } : { kind: 'written', row };

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
