import * as z from 'zod';
import { expectShape, type CrmHttp, type CrmRecord } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import { isCrmId, type CrmId, type Kind } from '../../record/index.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import type { PropertyGate } from '../gate.ts';
import { primaryCompanies } from './associations.ts';
import { companyData, contactData, propertiesOf } from './object-fields.ts';
import { crmObject, modifiedAt, OBJECTS, type CrmObject } from './objects.ts';

/** HubSpot reads at most so many records with one request. */
export const MOST_PER_READ = 100;

const batchAnswer = z.object({ results: z.array(crmObject) });

export interface HubspotReadDeps {
  readonly http: CrmHttp;
  readonly base: string;
  readonly settings: AdapterSettings;
  readonly gate: PropertyGate | null;
}

/** Records by their ids: one request for all, one more for the companies of contacts, one for each that is missing. */
export async function readRecords(
  deps: HubspotReadDeps,
  kind: Kind,
  ids: readonly CrmId[],
): Promise<ReadonlyMap<CrmId, CrmRecord>> {
  const { http, base, settings, gate } = deps;
  const objects = await readObjects(deps, kind, ids);
  const there = ids.filter((id) => objects.get(id)?.id === id);
  const companies = kind === 'contact' ? await primaryCompanies(http, base, there) : new Map<string, string>();
  return new Map(
    ids.map((id): [CrmId, CrmRecord] => {
      const object = objects.get(id);
      if (object === undefined || object.archived === true) return [id, { is: 'gone' }];
      if (object.id !== id) return [id, isCrmId(object.id) ? { is: 'merged', into: object.id } : { is: 'gone' }];
      const data =
        kind === 'customer' ? companyData(object, settings) : contactData(object, settings, companies.get(id) ?? null);
      const mayCreate = gate === null || kind === 'contact' || gate.opens(object.properties[gate.property]);
      return [id, { is: 'found', data, modifiedAt: modifiedAt(kind, object), mayCreate }];
    }),
  );
}

/** What is not in the batch's answer was deleted, or merged: asked for alone, the record that it became is answered. */
async function readObjects(
  deps: HubspotReadDeps,
  kind: Kind,
  ids: readonly CrmId[],
): Promise<ReadonlyMap<string, CrmObject>> {
  const { http, base, settings, gate } = deps;
  const url = `${base}/crm/objects/2026-03/${OBJECTS[kind]}/batch/read`;
  const properties = propertiesOf(kind, settings, gate);
  const answer = await http({ method: 'POST', url, json: { properties, inputs: ids.map((id) => ({ id })) } });
  const objects = new Map(expectShape(answer, batchAnswer).results.map((object) => [object.id, object]));
  for (const id of ids.filter((each) => !objects.has(each))) {
    const object = await readAlone(deps, kind, id, properties);
    if (object !== null) objects.set(id, object);
  }
  return objects;
}

/** One object; null when it is gone. A merged one is answered as what it became, with that id. */
export async function readAlone(
  { http, base }: Pick<HubspotReadDeps, 'http' | 'base'>,
  kind: Kind,
  id: CrmId,
  properties: readonly string[],
): Promise<CrmObject | null> {
  const url = `${base}/crm/objects/2026-03/${OBJECTS[kind]}/${id}?properties=${properties.join(',')}`;
  const answer = await http({ method: 'GET', url });
  if (answer.status === 404 || answer.status === 410) return null;
  if (answer.status >= 400) throw new Failure('crm.unavailable', { detail: `HTTP ${answer.status}` });
  return expectShape(answer, crmObject);
}
