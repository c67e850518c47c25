import * as z from 'zod';
import { expectShape, type CrmHttp } from '../../crm/index.ts';
import { isCrmId, type CrmId } from '../../record/index.ts';

// https://developers.hubspot.com/docs/api-reference/latest/crm/associations/associate-records/guide

/** `contact → primary company`, defined by HubSpot. */
const PRIMARY_COMPANY = 1;

const associationType = z.object({ category: z.string().optional(), typeId: z.number() });

const answer = z.object({
  results: z.array(
    z.object({
      from: z.object({ id: z.string() }),
      to: z.array(
        z.object({
          toObjectId: z.union([z.number(), z.string()]).transform(String),
          associationTypes: z.array(associationType).default([]),
        }),
      ),
      paging: z.object({ next: z.object({ after: z.string() }).optional() }).optional(),
    }),
  ),
});

type To = z.infer<typeof answer>['results'][number]['to'];

async function read(http: CrmHttp, base: string, from: string, to: string, inputs: readonly object[]) {
  const url = `${base}/crm/associations/2026-03/${from}/${to}/batch/read`;
  return expectShape(await http({ method: 'POST', url, json: { inputs } }), answer).results;
}

/** Contact → its primary company; contacts that have none are left out. */
export async function primaryCompanies(
  http: CrmHttp,
  base: string,
  contacts: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  if (contacts.length === 0) return new Map();
  const inputs = contacts.map((id) => ({ id }));
  const results = await read(http, base, 'contacts', 'companies', inputs);
  return new Map(
    results.flatMap(({ from, to }) => {
      const company = primaryOf(to);
      return company === null ? [] : [[from.id, company] as const];
    }),
  );
}

/** The one that is called primary; where none is, the only one. */
function primaryOf(to: To): string | null {
  const isPrimary = ({ associationTypes }: To[number]): boolean =>
    associationTypes.some(({ category, typeId }) => typeId === PRIMARY_COMPANY && category !== 'USER_DEFINED');
  const primary = to.find(isPrimary) ?? (to.length === 1 ? to[0] : undefined);
  return primary?.toObjectId ?? null;
}

/** All contacts of a company, page by page. */
export async function contactsOfCompany(http: CrmHttp, base: string, company: CrmId): Promise<readonly CrmId[]> {
  const contacts = new Set<CrmId>();
  let after: string | undefined;
  do {
    const input = { id: company, ...(after !== undefined && { after }) };
    const [result] = await read(http, base, 'companies', 'contacts', [input]);
    for (const { toObjectId } of result?.to ?? []) if (isCrmId(toObjectId)) contacts.add(toObjectId);
    after = result?.paging?.next?.after;
  } while (after !== undefined);
  return [...contacts];
}
