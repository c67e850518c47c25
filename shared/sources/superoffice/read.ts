import * as z from 'zod';
import { expectShape, type ChangedRecord, type CrmHttp, type CrmRecord } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import { isCrmId, type CrmId, type Kind } from '../../record/index.ts';
import type { PropertyGate } from '../gate.ts';
import { toIso } from '../time.ts';
import { companyEntity, modifiedAt, passes, personEntity } from './entities.ts';
import { companyData, personData } from './entity-fields.ts';

/** SuperOffice has no request for several whole records: so many are asked for at the same time. */
export const MOST_PER_READ = 20;

export const ENTITIES: Readonly<Record<Kind, 'Contact' | 'Person'>> = { customer: 'Contact', contact: 'Person' };

/** The entity, or null when it is gone. */
export async function readEntity<T>(
  http: CrmHttp,
  base: string,
  kind: Kind,
  id: string,
  schema: z.ZodType<T>,
): Promise<T | null> {
  const answer = await http({ method: 'GET', url: `${base}/api/v1/${ENTITIES[kind]}/${id}` });
  if (answer.status === 404 || answer.status === 410 || answer.status === 204) return null;
  if (answer.status >= 400) throw new Failure('crm.unavailable', { detail: `HTTP ${answer.status}` });
  return expectShape(answer, schema);
}

async function readOne(
  http: CrmHttp,
  base: string,
  kind: Kind,
  id: CrmId,
  gate: PropertyGate | null,
): Promise<CrmRecord> {
  if (kind === 'contact') {
    const person = await readEntity(http, base, kind, id, personEntity);
    if (person === null || String(person.PersonId) !== id) return { is: 'gone' };
    return { is: 'found', data: personData(person), modifiedAt: modifiedAt(person), mayCreate: true };
  }
  const company = await readEntity(http, base, kind, id, companyEntity);
  // A soft-deleted company can still be read.
  if (company === null || String(company.ContactId) !== id || (company.Deleted ?? 0) !== 0) return { is: 'gone' };
  return { is: 'found', data: companyData(company), modifiedAt: modifiedAt(company), mayCreate: passes(gate, company) };
}

export async function readRecords(
  http: CrmHttp,
  base: string,
  kind: Kind,
  ids: readonly CrmId[],
  gate: PropertyGate | null,
): Promise<ReadonlyMap<CrmId, CrmRecord>> {
  return new Map(await Promise.all(ids.map(async (id) => [id, await readOne(http, base, kind, id, gate)] as const)));
}

export async function personsOf(http: CrmHttp, base: string, company: CrmId): Promise<readonly CrmId[]> {
  const found = await readEntity(http, base, 'customer', company, companyEntity);
  return (found?.Persons ?? []).map(({ PersonId }) => String(PersonId)).filter(isCrmId);
}

const PAGE = 200;
/** The time in a filter is in the time zone of whoever asks, or of the server: the documentation does not say. */
const TIME_ZONES_MS = 15 * 3_600_000;

const id = z.union([z.string(), z.number()]).transform(String).optional();
const list = z.object({
  value: z.array(z.object({ contactId: id, personId: id, PrimaryKey: id, updatedDate: z.string().nullish() })),
});

/** https://docs.superoffice.com/en/api/netserver/web-services/rest/ (search): oldest first. */
export async function* changedSince(
  http: CrmHttp,
  base: string,
  kind: Kind,
  since: string,
): AsyncGenerator<ChangedRecord> {
  const column = kind === 'customer' ? 'contactId' : 'personId';
  const from = new Date(Date.parse(since) - TIME_ZONES_MS).toISOString().slice(0, 19);
  for (let skip = 0; ; skip += PAGE) {
    const query = new URLSearchParams({
      $select: `${column},updatedDate`,
      $filter: `updatedDate afterTime '${from}'`,
      $orderBy: 'updatedDate asc',
      $top: String(PAGE),
      $skip: String(skip),
    });
    const { value } = expectShape(
      await http({ method: 'GET', url: `${base}/api/v1/${ENTITIES[kind]}?${query}` }),
      list,
    );
    for (const row of value) {
      const [crmId, changed] = [row[column] ?? row.PrimaryKey ?? '', toIso(row.updatedDate)];
      if (isCrmId(crmId)) yield { ref: { kind, crmId }, modifiedAt: changed ?? since };
    }
    if (value.length < PAGE) return;
  }
}
