import type { Rows } from '../../shared/store/index.ts';
import type { NxtAssociates } from '../../shared/erp/index.ts';
import type { Queues } from '../../shared/queues/index.ts';

/** What a killed engine's effects throw: nothing of it goes on. */
export class Killed extends Error {}

/** An engine's life: it ends before or after an effect, and then no effect happens any more. */
export class Life {
  #effects = 0;
  #dead = false;
  #endsAt: number;
  readonly #when: 'before' | 'after';
  readonly #over = Promise.withResolvers<undefined>();
  /** The host outlives it: it gives the messages back at once, as after any failure. */
  readonly isOfWorker: boolean;

  /** @param endsAt the effect it dies at, counted from 1; 0: it lives on. */
  constructor(endsAt = 0, when: 'before' | 'after' = 'before', isOfWorker = false) {
    this.#endsAt = endsAt;
    this.#when = when;
    this.isOfWorker = isOfWorker;
  }

  get isOver(): boolean {
    return this.#dead;
  }

  /** Resolves when it has ended. */
  get over(): Promise<undefined> {
    return this.#over.promise;
  }

  /** Effects begun so far. */
  get effects(): number {
    return this.#effects;
  }

  async effect<T>(work: () => Promise<T>): Promise<T> {
    this.#check();
    this.#effects += 1;
    const isLast = this.#effects === this.#endsAt;
    if (isLast && this.#when === 'before') this.#die();
    const result = await work();
    if (isLast) this.#die();
    // Killed while it waited for this answer by another of its effects.
    this.#check();
    return result;
  }

  /** It is killed after so many more effects. */
  arm(effects: number): void {
    this.#endsAt = effects === 0 ? 0 : this.#effects + effects;
  }

  /** It is not killed any more. */
  spare(): void {
    this.#endsAt = 0;
  }

  #check(): void {
    if (this.#dead) throw new Killed();
  }

  #die(): never {
    this.#dead = true;
    this.#over.resolve(undefined);
    throw new Killed();
  }
}

export function killableRows(rows: Rows, life: Life): Rows {
  return {
    get: (at, parse) => life.effect(() => rows.get(at, parse)),
    insert: (at, row) => life.effect(() => rows.insert(at, row)),
    replace: (at, row, etag) => life.effect(() => rows.replace(at, row, etag)),
    merge: (at, row, etag) => life.effect(() => rows.merge(at, row, etag)),
    remove: (at, etag) => life.effect(() => rows.remove(at, etag)),
    save: (steps) => life.effect(() => rows.save(steps)),
    async *range(...args) {
      for await (const entity of rows.range(...args)) {
        await life.effect(async () => undefined);
        yield entity;
      }
    },
  };
}

export function killableQueues(queues: Queues, life: Life): Queues {
  return {
    sendChange: (...args) => life.effect(() => queues.sendChange(...args)),
    sendWriteBack: (...args) => life.effect(() => queues.sendWriteBack(...args)),
    sendPointer: (...args) => life.effect(() => queues.sendPointer(...args)),
    receivePointers: (...args) => life.effect(() => queues.receivePointers(...args)),
    returnPointer: (...args) => life.effect(() => queues.returnPointer(...args)),
    deletePointer: (...args) => life.effect(() => queues.deletePointer(...args)),
    depths: () => life.effect(() => queues.depths()),
    changesDepth: () => life.effect(() => queues.changesDepth()),
  };
}

export function killableErp(erp: NxtAssociates, life: Life): NxtAssociates {
  return {
    find: (selector) => life.effect(() => erp.find(selector)),
    create: (row, beforeSend) => life.effect(() => erp.create(row, beforeSend)),
    update: (no, values, beforeSend, expected) => life.effect(() => erp.update(no, values, beforeSend, expected)),
    erase: (no, values, beforeSend) => life.effect(() => erp.erase(no, values, beforeSend)),
    delete: (no, beforeSend) => life.effect(() => erp.delete(no, beforeSend)),
    highestCustomerNo: (interval) => life.effect(() => erp.highestCustomerNo(interval)),
    nextCustomerNo: () => life.effect(() => erp.nextCustomerNo()),
    scan: () => erp.scan(),
    changedSince: (since) => erp.changedSince(since),
    probe: () => life.effect(() => erp.probe()),
    schema: () => life.effect(() => erp.schema()),
    facts: () => life.effect(() => erp.facts()),
  };
}
