import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { SANDBOX_CLIENT_SECRET } from '../../local/nxt/index.ts';
import { customerData, externalIdOf } from './support/records.ts';
import { inFlight, type ErpAddress } from './support/engine.ts';

/*
 * What the integration is compared with: each change looks its row up and then creates or updates it, with requests of
 * its own. It keeps no ledger and nothing safe; it may use the ERP's whole limit of 600 requests a minute.
 */

const REQUESTS_PER_MINUTE = 600;

const answer = z.object({
  data: z.object({
    useCompany: z.object({ rows: z.object({ items: z.array(z.object({ associateNo: z.number() })).nullish() }) }),
  }),
});

const FIND = `query find($company: Int!, $filter: FilterExpression_Associate) {
  useCompany(no: $company) { rows: associate(filter: $filter, first: 10) { items { associateNo } } } }`;
const CREATE = `mutation create($company: Int!, $values: [Associate_Input!]!) {
  useCompany(no: $company) { rows: associate_create(values: $values) { items { associateNo } } } }`;
const UPDATE = `mutation update($company: Int!, $filters: [FilterExpression_Associate!]!, $values: [Associate_Input!]!) {
  useCompany(no: $company) { rows: associate_update(filters: $filters, values: $values) { items { associateNo } } } }`;

/** Applies the customers one by one, with as many in flight as help. */
export async function oneByOne(erp: ErpAddress, numbers: readonly number[], version: number): Promise<void> {
  const token = await fetchToken(erp);
  let next = Date.now();
  /** Requests leave evenly, so that none is refused: a refused one would only cost more. */
  const ask = async (query: string, variables: object): Promise<readonly { associateNo: number }[]> => {
    next = Math.max(next, Date.now()) + 60_000 / REQUESTS_PER_MINUTE;
    await delay(next - Date.now());
    const response = await fetch(erp.graphqlUrl, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body: JSON.stringify({ query, variables: { company: erp.companyNo, ...variables } }),
    });
    return answer.parse(await response.json()).data.useCompany.rows.items ?? [];
  };

  await inFlight(numbers, 48, async (n) => {
    const data = customerData(n, { version });
    const values = {
      externalId: externalIdOf(n),
      name: data.companyName,
      companyNo: data.organizationNumber,
      addressLine1: data.address,
      postCode: data.postalCode,
      postalArea: data.city,
    };
    const digits = `${data.organizationNumber.replaceAll(/\d/g, '%$&')}%`;
    const filter = { _or: [{ externalId: { _eq: values.externalId } }, { companyNo: { _like: digits } }] };
    const [found] = await ask(FIND, { filter });
    if (found === undefined) await ask(CREATE, { values: [{ ...values, customerNo: null }] });
    else await ask(UPDATE, { filters: [{ associateNo: { _eq: found.associateNo } }], values: [values] });
  });
}

async function fetchToken({ tokenUrl, clientId }: ErpAddress): Promise<string> {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: clientId,
      client_secret: SANDBOX_CLIENT_SECRET,
      scope: 'business-graphql-service-api:access-group-based',
    }),
  });
  return z.object({ access_token: z.string() }).parse(await response.json()).access_token;
}
