import { orRefusal, type CrmApi, type CrmHttp } from '../../crm/index.ts';
import type { RecordRef } from '../../record/index.ts';
import { afterConflict } from '../after-conflict.ts';
import { companyEntity, personEntity } from './entities.ts';
import { companyData, companyPatch, personData, personPatch } from './entity-fields.ts';
import type { Patch } from './entity-patch.ts';
import { ENTITIES, readEntity } from './read.ts';

type FieldWriter = NonNullable<CrmApi['writeFields']>;

/** An entity as it is now: what it says, and how it comes to say something else. */
interface Found {
  readonly data: Readonly<Record<string, unknown>>;
  readonly patch: (texts: Readonly<Record<string, string>>) => Patch;
}

/**
 * Changed fields in the properties they are read from, by a JSON Patch. SuperOffice's versions are times of a second, so
 * the entity is read first, and the patch tests that it is still so: an edit that was not told yet is not written over.
 */
export function fieldWriter(http: CrmHttp, base: string): FieldWriter {
  const write = async ({ ref, fields, holds }: Parameters<FieldWriter>[0]): ReturnType<FieldWriter> => {
    const found = await find(http, base, ref);
    if (found === null) return 'unknown-record';
    const held = await holds(found.data);
    if (held !== 'as-known') return held;
    const texts = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value.reveal()]));
    const patch = found.patch(texts);
    if ('unfit' in patch) return patch;
    const { status } = await http({
      method: 'PATCH',
      url: `${base}/api/v1/${ENTITIES[ref.kind]}/${ref.crmId}`,
      headers: { 'content-type': 'application/json-patch+json' },
      json: patch.operations,
    });
    if (status < 300) return 'written';
    if (status === 409 || status === 412) return afterConflict((await find(http, base, ref))?.data ?? null, holds);
    return status === 404 || status === 410 ? 'unknown-record' : 'refused';
  };
  return (given) => orRefusal(() => write(given));
}

async function find(http: CrmHttp, base: string, { kind, crmId }: RecordRef): Promise<Found | null> {
  if (kind === 'contact') {
    const person = await readEntity(http, base, kind, crmId, personEntity);
    if (person === null || String(person.PersonId) !== crmId) return null;
    return { data: personData(person), patch: (texts) => personPatch(texts, person) };
  }
  const company = await readEntity(http, base, kind, crmId, companyEntity);
  if (company === null || String(company.ContactId) !== crmId || (company.Deleted ?? 0) !== 0) return null;
  return { data: companyData(company), patch: (texts) => companyPatch(texts, company) };
}
