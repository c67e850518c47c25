import { randomUUID } from 'node:crypto';

// SuperOffice's companies (`contact`) and people (`person`), and what it tells of them.

export type SuperofficeType = 'contact' | 'person';

export interface SuperofficeEntity {
  readonly id: number;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly updatedAt: number;
  readonly isDeleted: boolean;
}

export type SuperofficeEvent = Readonly<Record<string, unknown>> & { readonly Event: string; readonly EventId: string };

export class SuperofficeStore {
  readonly entities: Readonly<Record<SuperofficeType, Map<number, SuperofficeEntity>>> = {
    contact: new Map(),
    person: new Map(),
  };
  readonly #now: () => number;
  readonly #tell: (event: SuperofficeEvent) => void;
  #lastTime = 0;

  constructor(now: () => number, tell: (event: SuperofficeEvent) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  create(type: SuperofficeType, fields: Record<string, unknown>): number {
    const id = this.entities[type].size + 17;
    this.#put(type, id, fields, false);
    this.#say(type, 'created', id, Object.keys(fields), 5);
    return id;
  }

  /** `associate`: who did it; the integration's own is told of like any other. */
  update(type: SuperofficeType, id: number, fields: Record<string, unknown>, associate = 5): void {
    const before = this.#entity(type, id);
    // What is deleted can still be written, and stays deleted.
    this.#put(type, id, { ...before.fields, ...fields }, before.isDeleted);
    this.#say(type, 'changed', id, [...Object.keys(fields), 'updated'], associate);
  }

  remove(type: SuperofficeType, id: number): void {
    this.#put(type, id, this.#entity(type, id).fields, true);
    this.#say(type, 'softdeleted', id, ['deleted'], 5);
  }

  /** A merge has no event of its own: the persons move, and the other company is deleted. */
  merge(keep: number, gone: number): void {
    for (const { id, fields } of this.entities.person.values()) {
      if (companyOf(fields) === gone) this.update('person', id, { Contact: { ContactId: keep } });
    }
    this.remove('contact', gone);
  }

  get(type: SuperofficeType, id: number): SuperofficeEntity | null {
    return this.entities[type].get(id) ?? null;
  }

  personsOf(company: number): readonly number[] {
    return [...this.entities.person.values()]
      .filter(({ fields, isDeleted }) => !isDeleted && companyOf(fields) === company)
      .map(({ id }) => id);
  }

  #entity(type: SuperofficeType, id: number): SuperofficeEntity {
    const found = this.entities[type].get(id);
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  }

  #put(type: SuperofficeType, id: number, fields: Readonly<Record<string, unknown>>, isDeleted: boolean): void {
    this.#lastTime = Math.max(this.#lastTime + 1, this.#now());
    this.entities[type].set(id, { id, fields, updatedAt: this.#lastTime, isDeleted });
  }

  #say(type: SuperofficeType, what: string, id: number, changes: readonly string[], associate: number): void {
    this.#tell({
      EventId: randomUUID(),
      Timestamp: new Date(this.#lastTime).toISOString(),
      Event: `${type}.${what}`,
      Entity: type,
      PrimaryKey: id,
      Changes: changes.map((name) => name.toLowerCase()),
      ContextIdentifier: 'Cust12345',
      ChangedByAssociateId: associate,
      WebhookName: 'crm-nxt-sync',
      FieldValues: { [`${type}_id`]: id, deleted: what === 'softdeleted' ? 1 : 0 },
    });
  }
}

export function companyOf(fields: Readonly<Record<string, unknown>>): number {
  const { Contact: company } = fields;
  return typeof company === 'object' && company !== null && 'ContactId' in company ? Number(company.ContactId) : 0;
}
