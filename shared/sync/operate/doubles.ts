import { companyNameKey, organizationNumber } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';

interface Candidate {
  readonly associateNo: number;
  /** The organisation number's key; null where there is none that can be read. */
  readonly number: string | null;
}

/** Finds customers that stand in the ERP twice: by organisation number, or by name and postal code. */
export class Doubles {
  readonly #byNumber = new Map<string, number[]>();
  readonly #byNameAndPlace = new Map<string, Candidate[]>();

  add({ associateNo, companyNo, name, postCode }: AssociateRow): void {
    const number = organizationNumber(companyNo).key;
    if (number !== null) this.#byNumber.set(number, [...(this.#byNumber.get(number) ?? []), associateNo]);
    const [named, place] = [companyNameKey(name.reveal()), postCode.reveal().replace(/\s/gu, '').padStart(4, '0')];
    if (named === '' || postCode.reveal().trim() === '') return;
    const key = `${named}|${place}`;
    this.#byNameAndPlace.set(key, [...(this.#byNameAndPlace.get(key) ?? []), { associateNo, number }]);
  }

  /** Associate numbers of rows that are the same customer, each group once. */
  groups(): readonly (readonly number[])[] {
    const groups = [...this.#byNumber.values()].filter((rows) => rows.length > 1);
    const known = new Set(groups.map(String));
    for (const rows of this.#byNameAndPlace.values()) {
      // Two readable numbers that differ are two companies.
      const numbers = new Set(rows.map(({ number }) => number).filter((number) => number !== null));
      if (rows.length < 2 || numbers.size > 1) continue;
      const group = rows.map(({ associateNo }) => associateNo);
      if (!known.has(String(group))) groups.push(group);
    }
    return groups;
  }
}
