import { randomUUID } from 'node:crypto';
import type { CrmApi } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import { normalize, type Change, type OrderKey, type RecordRef } from '../../record/index.ts';
import { acceptChanges } from '../intake/intake.ts';
import { iso, type SyncDeps } from '../deps.ts';

/**
 * Takes the record in as the CRM has it now, as if the CRM had sent it again: a person said that its value counts, and it
 * is not kept here.
 *
 * @returns false where the CRM cannot be read, or has it no more: its next event brings the value
 */
export async function takeFromCrm(
  sync: SyncDeps,
  crm: Pick<CrmApi, 'readRecord'> | null,
  ref: RecordRef,
): Promise<boolean> {
  try {
    const change = (await readByReader(sync, ref)) ?? (await readRecord(sync, crm, ref));
    if (change?.body.op !== 'upsert') return false;
    const [accepted] = await acceptChanges(sync, [change], 'settled');
    return accepted?.status === 'queued';
  } catch (error) {
    if (error instanceof Failure && error.code.startsWith('crm.')) return false;
    throw error;
  }
}

async function readByReader({ crm }: SyncDeps, ref: RecordRef): Promise<Change | null> {
  const found = await crm?.read(ref);
  if (found?.is !== 'found') return null;
  const key = { version: null, occurredAt: found.modifiedAt, eventId: settledId() };
  return { ref, key, body: found.body, warnings: [] };
}

async function readRecord(
  { ledger, now }: SyncDeps,
  crm: Pick<CrmApi, 'readRecord'> | null,
  ref: RecordRef,
): Promise<Change | null> {
  const data = await crm?.readRecord?.(ref);
  if (!data) return null;
  const applied = (await ledger.readState(ref))?.row.applied ?? null;
  return { ref, key: keyOf(data, applied, iso(now())), ...normalize(ref.kind, { ...data, crmId: ref.crmId }, '/data') };
}

/** Its own place in the record's history, else that of what was applied last: it is no older. */
function keyOf(data: Readonly<Record<string, unknown>>, applied: OrderKey | null, now: string): OrderKey {
  const { version, occurredAt } = data;
  const isTime = typeof occurredAt === 'string' && !Number.isNaN(Date.parse(occurredAt));
  return {
    version: typeof version === 'number' && Number.isSafeInteger(version) ? version : (applied?.version ?? null),
    occurredAt: isTime ? new Date(occurredAt).toISOString() : (applied?.occurredAt ?? now),
    eventId: settledId(),
  };
}

/** Another event than the one that brought the same state before. */
const settledId = (): string => `settled:${randomUUID()}`;
