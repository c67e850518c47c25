import type { Kind } from '../../shared/record/index.ts';

export interface EventOverrides {
  readonly id?: string;
  readonly version?: number;
  readonly occurredAt?: string;
}

const envelope = (type: string, crmId: string, { version = 1, id, occurredAt }: EventOverrides, data: object) => ({
  id: id ?? `evt-${type}-${crmId}-${version}`,
  type,
  occurredAt: occurredAt ?? '2026-11-01T08:00:00.000Z',
  version,
  data: { crmId, ...data },
});

/** A complete `customer.updated` event. */
export const customerEvent = (crmId: string, data: object = {}, overrides: EventOverrides = {}) =>
  envelope('customer.updated', crmId, overrides, {
    customerNumber: null,
    actorNumber: null,
    organizationNumber: '921074352',
    companyName: 'Port-Service Øst AS',
    address: 'Rødbølveien 22',
    postalCode: '3270',
    city: 'Larvik',
    ...data,
  });

/** A complete `contact.updated` event, but for the customer it belongs to. */
export const contactEvent = (crmId: string, data: object, overrides: EventOverrides = {}) =>
  envelope('contact.updated', crmId, overrides, {
    actorNumber: null,
    name: 'Kari Nordmann',
    emailAddress: 'kari@example.no',
    phoneNumber: '+47 920 99 720',
    ...data,
  });

export const deletedEvent = (kind: Kind, crmId: string, overrides: EventOverrides = {}) =>
  envelope(`${kind}.deleted`, crmId, overrides, {});
