import { Failure } from '../../failure.ts';
import { orRefusal, type CrmApi, type CrmHttp, type CrmResponse } from '../../crm/index.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import { OBJECTS } from './objects.ts';

const IN_SYNC = 'In sync';

/** The numbers as properties that nobody subscribes to, so that they come back as no event. */
export function numberWriter(http: CrmHttp, base: string, settings: AdapterSettings): CrmApi['writeNumbers'] {
  return async ({ ref, associateNo, customerNo }) => {
    const properties = {
      ...(ref.kind === 'customer' && { [settings.HUBSPOT_CUSTOMER_NUMBER]: String(customerNo ?? '') }),
      [settings.HUBSPOT_ACTOR_NUMBER]: String(associateNo ?? ''),
      [settings.HUBSPOT_SYNC_STATUS]: IN_SYNC,
    };
    const url = `${base}/crm/objects/2026-03/${OBJECTS[ref.kind]}/${ref.crmId}`;
    const answer = await orRefusal(() => http({ method: 'PATCH', url, json: { properties } }));
    return typeof answer === 'string' ? answer : judge(answer);
  };
}

function judge({ status, json }: CrmResponse): 'written' | 'unknown-record' | 'refused' {
  if (status < 300) return 'written';
  if (status === 404 || status === 410) return 'unknown-record';
  // Every record would meet it: not one for the list of records, but for whoever set it up.
  if (status === 400 && JSON.stringify(json ?? '').includes('PROPERTY_DOESNT_EXIST')) {
    throw new Failure('settings.invalid', { detail: 'HubSpot lacks a property for the numbers: run `crm setup`' });
  }
  return 'refused';
}
