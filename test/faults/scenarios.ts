import type { HistoryEvent } from './history.ts';
import { REFUSED_NAME } from './history.ts';
import type { StepKind } from './step-kinds.ts';

/** Makes the events of one record, each newer than the one before. */
export class EventFactory {
  readonly #start: number;
  readonly events: HistoryEvent[] = [];

  /** @param start when the first of them happened, milliseconds since 1970. */
  constructor(start = Date.now() - 3_600_000) {
    this.#start = start;
  }

  customer(crmId: string, name = `Kunde ${crmId}`): HistoryEvent {
    const values = { companyName: name, organizationNumber: '', address: 'Gate 1', postalCode: '3270', city: 'Larvik' };
    return this.#tell('customer', crmId, values, {
      customer: null,
      refused: name.includes(REFUSED_NAME) ? 'erp.row-refused' : null,
      content: { name, addressLine1: 'Gate 1', postCode: '3270', postalArea: 'Larvik' },
    });
  }

  contact(crmId: string, customer: string): HistoryEvent {
    const name = `Person ${crmId}`;
    const values = { relatedCustomerCrmId: customer, name, emailAddress: 'p@example.no', phoneNumber: '+4792099720' };
    const content = { name, emailAddress: 'p@example.no', phone: '+4792099720' };
    return this.#tell('contact', crmId, values, { customer, refused: null, content });
  }

  deleted(kind: HistoryEvent['kind'], crmId: string): HistoryEvent {
    return this.#tell(kind, crmId, null, { customer: null, refused: null, content: {} });
  }

  #tell(
    kind: HistoryEvent['kind'],
    crmId: string,
    values: object | null,
    means: Pick<HistoryEvent, 'customer' | 'refused' | 'content'>,
  ): HistoryEvent {
    const order = this.events.length;
    const id = `evt-${crmId}-${order}`;
    const event: HistoryEvent = {
      id,
      kind,
      crmId,
      order,
      op: values === null ? 'delete' : 'upsert',
      ...means,
      json: {
        id,
        type: `${kind}.${values === null ? 'deleted' : 'updated'}`,
        occurredAt: new Date(this.#start + order).toISOString(),
        data: { crmId, ...values },
      },
    };
    this.events.push(event);
    return event;
  }
}

export interface Scenario {
  readonly name: string;
  /** What is in order before; `id` is the record's own number. */
  readonly before: (factory: EventFactory, id: string) => readonly HistoryEvent[];
  /** What is sent while the host is about to die; nothing when the record is replayed instead. */
  readonly then: ((factory: EventFactory, id: string) => readonly HistoryEvent[]) | 'replay';
  /** Records that have come to an end, one way or another, once it is over. */
  readonly records: (id: string) => readonly string[];
  /** Steps it goes through, and how often at most. */
  readonly steps: Partial<Record<StepKind, number>>;
}

const LEDGER = { 'table.read': 4, 'table.insert': 2, 'table.update': 4, 'table.transaction': 2, 'table.delete': 3 };
const QUEUE = { 'queue.send': 2, 'queue.receive': 1, 'queue.delete': 1 };

/** The ways a change goes, each killed before and after each of its effects. */
export const SCENARIOS: readonly Scenario[] = [
  {
    name: 'create a customer, and tell the CRM its numbers',
    before: () => [],
    then: (factory, id) => [factory.customer(`C-${id}`)],
    records: (id) => [`customer|C-${id}`],
    steps: {
      ...LEDGER,
      ...QUEUE,
      'queue.delete': 2,
      'erp.token': 1,
      'erp.schema': 1,
      'erp.read': 1,
      'erp.create': 1,
      'crm.patch': 1,
    },
  },
  {
    name: 'update a customer',
    before: (factory, id) => [factory.customer(`C-${id}`)],
    then: (factory, id) => [factory.customer(`C-${id}`, `Kunde ${id} ny`)],
    records: (id) => [`customer|C-${id}`],
    steps: { ...LEDGER, ...QUEUE, 'erp.read': 1, 'erp.update': 1 },
  },
  {
    name: 'a contact that waited for its customer',
    before: (factory, id) => [factory.contact(`P-${id}`, `C-${id}`)],
    then: (factory, id) => [factory.customer(`C-${id}`)],
    records: (id) => [`customer|C-${id}`, `contact|P-${id}`],
    steps: {
      ...LEDGER,
      'table.list': 1,
      'table.delete': 4,
      ...QUEUE,
      'queue.send': 3,
      'erp.create': 2,
      'crm.patch': 2,
    },
  },
  {
    name: 'delete a contact',
    before: (factory, id) => [factory.customer(`C-${id}`), factory.contact(`P-${id}`, `C-${id}`)],
    then: (factory, id) => [factory.deleted('contact', `P-${id}`)],
    records: (id) => [`contact|P-${id}`],
    steps: { ...LEDGER, ...QUEUE, 'erp.read': 1, 'erp.update': 1 },
  },
  {
    name: 'refuse a customer, with its pointer in poison',
    before: () => [],
    then: (factory, id) => [factory.customer(`C-${id}`, `Kunde ${id} ${REFUSED_NAME}`)],
    records: (id) => [`customer|C-${id}`],
    steps: { ...LEDGER, ...QUEUE, 'erp.read': 2, 'erp.create': 1 },
  },
  {
    name: 'replay a refused customer once its cause is mended',
    before: (factory, id) => [factory.customer(`C-${id}`, `Kunde ${id} ${REFUSED_NAME}`)],
    then: 'replay',
    records: (id) => [`customer|C-${id}`],
    steps: { ...LEDGER, ...QUEUE, 'erp.read': 1, 'erp.create': 1 },
  },
];
