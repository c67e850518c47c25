import { companyNameKey, organizationNumber } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';

/** A customer's row, as far as it is compared with others. Personal. */
export interface Candidate {
  readonly associateNo: number;
  /** The organisation number's key; null where there is none that can be read. */
  readonly number: string | null;
  /** Name and postal code; `''` where one of them is missing. */
  readonly nameAndPlace: string;
}

/** Finds customers that stand in the ERP twice: by organisation number, or by name and postal code. */
export class Doubles {
  readonly #byNumber = new Map<string, Candidate[]>();
  readonly #byNameAndPlace = new Map<string, Candidate[]>();

  add({ associateNo, companyNo, name, postCode }: AssociateRow): void {
    const number = organizationNumber(companyNo).key;
    const [named, place] = [companyNameKey(name.reveal()), postCode.reveal().replace(/\s/gu, '')];
    const nameAndPlace = named === '' || place === '' ? '' : `${named}|${place.padStart(4, '0')}`;
    const candidate = { associateNo, number, nameAndPlace };
    if (number !== null) this.#byNumber.set(number, [...(this.#byNumber.get(number) ?? []), candidate]);
    if (nameAndPlace === '') return;
    this.#byNameAndPlace.set(nameAndPlace, [...(this.#byNameAndPlace.get(nameAndPlace) ?? []), candidate]);
  }

  /** Rows that are the same customer, each group once. */
  groups(): readonly (readonly Candidate[])[] {
    const groups = [...this.#byNumber.values()].filter((rows) => rows.length > 1);
    const known = new Set(groups.map(numbersOf));
    for (const rows of this.#byNameAndPlace.values()) {
      // Two readable numbers that differ are two companies.
      const numbers = new Set(rows.map(({ number }) => number).filter((number) => number !== null));
      if (rows.length < 2 || numbers.size > 1) continue;
      if (!known.has(numbersOf(rows))) groups.push(rows);
    }
    return groups;
  }
}

const numbersOf = (rows: readonly Candidate[]): string => rows.map(({ associateNo }) => associateNo).join(' ');
