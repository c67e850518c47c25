import { orRefusal, type CrmApi, type CrmHttp } from '../../crm/index.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import { ENTITIES } from './read.ts';

/** The numbers in the fields that the settings name, by a merge patch; nothing where they name none. */
export function numberWriter(http: CrmHttp, base: string, settings: AdapterSettings): CrmApi['writeNumbers'] {
  return async ({ ref, associateNo, customerNo }) => {
    const fields: readonly Field[] =
      ref.kind === 'customer'
        ? [
            { name: settings.SUPEROFFICE_CUSTOMER_NUMBER, number: customerNo },
            { name: settings.SUPEROFFICE_ACTOR_NUMBER, number: associateNo },
          ]
        : [{ name: settings.SUPEROFFICE_PERSON_ACTOR_NUMBER, number: associateNo }];
    const json = patchOf(fields);
    if (Object.keys(json).length === 0) return 'written';
    const url = `${base}/api/v1/${ENTITIES[ref.kind]}/${ref.crmId}`;
    const headers = { 'content-type': 'application/merge-patch+json' };
    const answer = await orRefusal(() => http({ method: 'PATCH', url, json, headers }));
    if (typeof answer === 'string') return answer;
    if (answer.status < 300) return 'written';
    return answer.status === 404 || answer.status === 410 ? 'unknown-record' : 'refused';
  };
}

interface Field {
  readonly name: string | undefined;
  readonly number: number | null;
}

/** User-defined fields, such as `SuperOffice:7`, stand together. */
function patchOf(fields: readonly Field[]): Readonly<Record<string, unknown>> {
  const named = fields.flatMap(({ name, number }) =>
    name === undefined ? [] : [[name, String(number ?? '')] as const],
  );
  const own = named.filter(([name]) => !name.includes(':'));
  const custom = named.filter(([name]) => name.includes(':'));
  return { ...Object.fromEntries(own), ...(custom.length > 0 && { CustomFields: Object.fromEntries(custom) }) };
}
