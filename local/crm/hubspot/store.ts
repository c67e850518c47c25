import { randomUUID } from 'node:crypto';

// HubSpot's companies and contacts, and what it tells of them.

export type HubspotType = 'companies' | 'contacts';

export interface HubspotObject {
  readonly id: string;
  readonly properties: Readonly<Record<string, string>>;
  readonly modifiedAt: number;
  readonly isArchived: boolean;
  /** The object that it became. */
  readonly mergedInto: string | null;
}

/** An event as the webhook carries it, without its envelope. */
export type HubspotEvent = Readonly<Record<string, unknown>> & { readonly subscriptionType: string };

const NAMES: Readonly<Record<HubspotType, string>> = { companies: 'company', contacts: 'contact' };

/** An account. Every change has its own moment, and is told by thin events. */
export class HubspotStore {
  readonly objects: Readonly<Record<HubspotType, Map<string, HubspotObject>>> = {
    companies: new Map(),
    contacts: new Map(),
  };
  /** Contact → company; HubSpot calls it primary. */
  readonly companyOf = new Map<string, string>();
  /** Custom properties that were made. */
  readonly properties: Readonly<Record<HubspotType, Set<string>>> = { companies: new Set(), contacts: new Set() };
  readonly #tell: (event: HubspotEvent) => void;
  readonly #now: () => number;
  #lastId = 1000;
  #lastTime = 0;
  #events = 0;

  constructor(now: () => number, tell: (event: HubspotEvent) => void) {
    this.#now = now;
    this.#tell = tell;
  }

  create(type: HubspotType, properties: Record<string, string>, company?: string): string {
    this.#lastId += 1;
    const id = String(this.#lastId);
    const occurredAt = this.#put(type, id, properties, false);
    this.#say(`${NAMES[type]}.creation`, id, occurredAt, { changeFlag: 'NEW' });
    for (const [name, value] of Object.entries(properties)) this.#sayChange(type, id, occurredAt, name, value);
    if (company !== undefined) this.setCompany(id, company);
    return id;
  }

  /** By a user, or by an integration through the API: told of alike, where somebody subscribes to the property. */
  update(type: HubspotType, id: string, properties: Record<string, string>, changeSource = 'CRM_UI'): void {
    const before = this.get(type, id);
    if (before === null) throw new Error(`no ${type} ${id}`);
    const occurredAt = this.#put(type, id, { ...before.properties, ...properties }, false);
    for (const [name, value] of Object.entries(properties)) {
      // What is written and was so before is no change.
      const isChanged = (before.properties[name] ?? '') !== value;
      if (isChanged) this.#sayChange(type, id, occurredAt, name, value, changeSource);
    }
  }

  archive(type: HubspotType, id: string): void {
    const occurredAt = this.#put(type, id, this.#object(type, id).properties, true);
    this.#say(`${NAMES[type]}.deletion`, id, occurredAt, { changeFlag: 'DELETED' });
  }

  restore(type: HubspotType, id: string): void {
    const occurredAt = this.#put(type, id, this.#object(type, id).properties, false);
    this.#say(`${NAMES[type]}.restore`, id, occurredAt, {});
  }

  /** A contact deleted for its privacy is gone for good; HubSpot tells it beside a plain deletion. */
  erase(id: string): void {
    this.archive('contacts', id);
    this.objects.contacts.delete(id);
    this.companyOf.delete(id);
    this.#say('contact.privacyDeletion', id, this.#tick(), {});
  }

  /** The one that stays keeps its id, or gets a new one; what it lacks comes from the other. */
  merge(type: HubspotType, primary: string, other: string, hasNewId = false): string {
    const [kept, gone] = [this.#object(type, primary), this.#object(type, other)];
    if (hasNewId) this.#lastId += 1;
    const into = hasNewId ? String(this.#lastId) : primary;
    for (const id of [primary, other]) {
      const object = this.#object(type, id);
      if (id !== into) this.objects[type].set(id, { ...object, mergedInto: into });
    }
    const occurredAt = this.#put(type, into, { ...gone.properties, ...kept.properties }, false);
    this.#moveCompanies(type, [primary, other], into);
    const ids = { primaryObjectId: Number(primary), mergedObjectIds: [Number(other)], newObjectId: Number(into) };
    this.#say(`${NAMES[type]}.merge`, into, occurredAt, { ...ids, numberOfPropertiesMoved: 0 });
    return into;
  }

  setCompany(contact: string, company: string | null): void {
    const before = this.companyOf.get(contact);
    if (company === null) this.companyOf.delete(contact);
    else this.companyOf.set(contact, company);
    const occurredAt = this.#put('contacts', contact, this.#object('contacts', contact).properties, false);
    const association = {
      associationType: 'CONTACT_TO_COMPANY',
      fromObjectId: Number(contact),
      toObjectId: Number(company ?? before),
      associationRemoved: company === null,
      isPrimaryAssociation: true,
    };
    this.#say('contact.associationChange', undefined, occurredAt, association);
  }

  /** As the API finds it: archived ones are not there, merged ones are what they became. */
  get(type: HubspotType, id: string): HubspotObject | null {
    const found = this.objects[type].get(id);
    if (found === undefined || found.isArchived) return null;
    return found.mergedInto === null ? found : this.get(type, found.mergedInto);
  }

  #object(type: HubspotType, id: string): HubspotObject {
    const found = this.objects[type].get(id);
    if (found === undefined) throw new Error(`no ${type} ${id}`);
    return found;
  }

  #moveCompanies(type: HubspotType, from: readonly string[], into: string): void {
    if (type === 'companies') {
      for (const [contact, company] of this.companyOf) if (from.includes(company)) this.companyOf.set(contact, into);
      return;
    }
    const [company] = from.flatMap((id) => this.companyOf.get(id) ?? []);
    for (const id of from) this.companyOf.delete(id);
    if (company !== undefined) this.companyOf.set(into, company);
  }

  #put(type: HubspotType, id: string, properties: Readonly<Record<string, string>>, isArchived: boolean): number {
    const modifiedAt = this.#tick();
    this.objects[type].set(id, { id, properties, modifiedAt, isArchived, mergedInto: null });
    return modifiedAt;
  }

  #tick(): number {
    this.#lastTime = Math.max(this.#lastTime + 1, this.#now());
    return this.#lastTime;
  }

  #sayChange(
    type: HubspotType,
    id: string,
    occurredAt: number,
    propertyName: string,
    propertyValue: string,
    changeSource = 'CRM_UI',
  ): void {
    // Properties that were made for the numbers: nobody subscribes to them.
    if (this.properties[type].has(propertyName)) return;
    this.#say(`${NAMES[type]}.propertyChange`, id, occurredAt, { propertyName, propertyValue, changeSource });
  }

  #say(subscriptionType: string, id: string | undefined, occurredAt: number, more: object): void {
    this.#events += 1;
    this.#tell({
      eventId: this.#events,
      subscriptionId: 1,
      portalId: 333,
      appId: 44,
      occurredAt,
      subscriptionType,
      attemptNumber: 0,
      ...(id !== undefined && { objectId: Number(id) }),
      sourceId: `userId:${randomUUID().slice(0, 4)}`,
      ...more,
    });
  }
}
