import type { AssociateNo, Change, ChangeBody, OrderKey, RecordRef } from '../record/index.ts';
import { refText } from '../store/index.ts';
import type { Settings } from '../settings.ts';

/** Stands for the row of a customer that this import makes: the ERP has no number for it yet. */
export const NEW_ROW = -1 as AssociateNo;

type Upsert = Extract<ChangeBody, { op: 'upsert' }>;

/** What the import will have done by the time a row has its turn. */
export class Ahead {
  readonly #settings: Settings;
  readonly #links = new Map<string, AssociateNo>();
  readonly #takenBy = new Map<AssociateNo, string>();
  /** Organisation and customer numbers of the rows it makes. */
  readonly #created = new Map<string, string>();
  readonly #newest = new Map<string, { readonly line: number; readonly key: OrderKey }>();

  constructor(settings: Settings) {
    this.#settings = settings;
  }

  /** The row that the record has by then, if this import gives it one. */
  linkOf(ref: RecordRef): AssociateNo | undefined {
    return this.#links.get(refText(ref));
  }

  /** The record that has taken the row by then, as `customer|C-1`. */
  holderOf(no: AssociateNo): string | undefined {
    return this.#takenBy.get(no);
  }

  links(ref: RecordRef, no: AssociateNo): void {
    this.#takenBy.set(no, refText(ref));
    this.#links.set(refText(ref), no);
  }

  /** False when another row of the import makes one with the same organisation or customer number: it comes first. */
  creates({ ref }: Change, body: Upsert): boolean {
    const keys = body.kind === 'customer' ? this.#numbersOf(body) : [];
    const record = refText(ref);
    if (keys.some((key) => (this.#created.get(key) ?? record) !== record)) return false;
    for (const key of keys) this.#created.set(key, record);
    this.#links.set(record, NEW_ROW);
    return true;
  }

  #numbersOf({ values }: Extract<Upsert, { kind: 'customer' }>): readonly string[] {
    const { organizationNumber, customerNumber } = values;
    const isAsked = this.#settings.NXT_SAME_ORG_NUMBER === 'ask';
    return [
      ...(isAsked && organizationNumber?.key ? [`org ${organizationNumber.key}`] : []),
      ...(customerNumber === undefined ? [] : [`customer ${customerNumber}`]),
    ];
  }

  /** The earlier row of the same record, if there is one. */
  earlier(ref: RecordRef): { readonly line: number; readonly key: OrderKey } | undefined {
    return this.#newest.get(refText(ref));
  }

  passes(ref: RecordRef, line: number, key: OrderKey): void {
    this.#newest.set(refText(ref), { line, key });
  }
}
