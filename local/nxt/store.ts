import { EMPTY_ROW, type RowSeed, type SandboxRow } from './columns.ts';

/** Numbers that make a row a customer, supplier or employee; unique when not 0 (verified for customers). */
export type RoleKey = 'customerNo' | 'supplierNo' | 'employeeNo';

/** The rows of one company. Rows are never changed, only replaced, so that a snapshot is cheap. */
export class Store {
  #rows = new Map<number, SandboxRow>();
  /** The next associate number: gaps of deleted rows are not used again (classic documentation). */
  #next = 1;

  all(): readonly SandboxRow[] {
    return [...this.#rows.values()];
  }

  get(associateNo: number): SandboxRow | undefined {
    return this.#rows.get(associateNo);
  }

  takeAssociateNo(): number {
    return this.#next++;
  }

  put(row: SandboxRow): void {
    this.#rows.set(row.associateNo, row);
    this.#next = Math.max(this.#next, row.associateNo + 1);
  }

  remove(associateNo: number): void {
    this.#rows.delete(associateNo);
  }

  seed(rows: readonly RowSeed[]): void {
    for (const row of rows) this.put({ ...EMPTY_ROW, ...row, associateNo: row.associateNo ?? this.#next });
  }

  clear(): void {
    this.#rows.clear();
    this.#next = 1;
  }

  /** Returns a function that puts the rows back as they are now; the numbers taken meanwhile stay taken. */
  snapshot(): () => void {
    const rows = new Map(this.#rows);
    return () => {
      this.#rows = rows;
    };
  }

  isTaken(key: RoleKey, number: number, by: number): boolean {
    for (const row of this.#rows.values()) if (row[key] === number && row.associateNo !== by) return true;
    return false;
  }

  /** The highest number in use within the interval; 0 when none is. */
  highest(key: RoleKey, from = 1, to = Number.MAX_SAFE_INTEGER): number {
    let highest = 0;
    for (const row of this.#rows.values()) {
      if (row[key] >= from && row[key] <= to && row[key] > highest) highest = row[key];
    }
    return highest;
  }

  /** Whether another row is a contact person of this one or delivers to it. */
  isReferenced(associateNo: number): boolean {
    for (const row of this.#rows.values()) {
      if (row.contactForAssociateNo === associateNo || row.deliveryToAssociateNo === associateNo) return true;
    }
    return false;
  }
}
