import { expect } from 'vitest';
import { type Change, parseChanges } from '../../../shared/record/index.ts';
import { Personal } from '../../../shared/privacy/index.ts';

export const NOW = new Date('2026-11-21T08:00:00.000Z');

export const customerEvent = (data: object = {}, event: object = {}) => ({
  id: 'evt_01',
  type: 'customer.updated',
  occurredAt: '2026-11-21T08:00:00.000Z',
  version: 3,
  data: { crmId: 'C-1001', companyName: 'Port-Service Øst AS', ...data },
  ...event,
});

export const contactEvent = (data: object = {}, event: object = {}) => ({
  id: 'evt_02',
  type: 'contact.created',
  occurredAt: '2026-11-21T08:00:01.000Z',
  version: 1,
  data: { crmId: 'P-2001', relatedCustomerCrmId: 'C-1001', name: 'Kari Nordmann', ...data },
  ...event,
});

export const mergedEvent = (data: object = {}, event: object = {}) => ({
  id: 'evt_03',
  type: 'customer.merged',
  occurredAt: '2026-11-21T08:00:02.000Z',
  version: 4,
  data: { crmId: 'C-1001', mergedIntoCrmId: 'C-1002', ...data },
  ...event,
});

/** The changes of a request that must be taken. */
export function changesOf(body: unknown): readonly Change[] {
  const parsed = parseChanges(body, NOW);
  expect(parsed).toMatchObject({ ok: true });
  return parsed.ok ? parsed.changes : [];
}

/** The single change of a request that must be taken. */
export function changeOf(event: unknown): Change {
  const [change] = changesOf([event]);
  if (change === undefined) throw new Error('no change');
  return change;
}

/** The values of a change as plain data, or null when it has none. */
export function plain({ body }: Change): Record<string, unknown> | null {
  if (body.op !== 'upsert') return null;
  return Object.fromEntries(
    Object.entries(body.values).map(([field, value]: [string, unknown]) => [
      field,
      value instanceof Personal ? value.reveal() : value,
    ]),
  );
}
