import * as z from 'zod';
import { expectShape, type ChangedRecord, type CrmHttp } from '../../crm/index.ts';
import { isCrmId, type Kind } from '../../record/index.ts';
import { crmObject, MODIFIED, modifiedAt, OBJECTS } from './objects.ts';

// https://developers.hubspot.com/docs/api-reference/latest/crm/search-the-crm

const PAGE = 100;
/** HubSpot gives no more than this many records of one search; the next begins where it ended. */
const MOST_PER_SEARCH = 10_000;

const answer = z.object({
  results: z.array(crmObject),
  paging: z.object({ next: z.object({ after: z.string() }).optional() }).nullish(),
});

/** Records changed at `since` or later, oldest first. */
export async function* changedSince(
  http: CrmHttp,
  base: string,
  kind: Kind,
  since: string,
): AsyncGenerator<ChangedRecord> {
  const url = `${base}/crm/objects/2026-03/${OBJECTS[kind]}/search`;
  const property = MODIFIED[kind];
  let from = Date.parse(since);
  let after: string | undefined;
  let taken = 0;
  for (;;) {
    const json = {
      filterGroups: [{ filters: [{ propertyName: property, operator: 'GTE', value: String(from) }] }],
      sorts: [{ propertyName: property, direction: 'ASCENDING' }],
      properties: [property],
      limit: PAGE,
      ...(after !== undefined && { after }),
    };
    const page: z.infer<typeof answer> = expectShape(await http({ method: 'POST', url, json }), answer);
    const { results } = page;
    for (const object of results) {
      if (isCrmId(object.id)) yield { ref: { kind, crmId: object.id }, modifiedAt: modifiedAt(kind, object) };
    }
    taken += results.length;
    after = page.paging?.next?.after;
    if (after === undefined) return;
    const last = results.at(-1);
    if (taken >= MOST_PER_SEARCH - PAGE && last) {
      // One millisecond on where so many share one: a search that begins where it began would never end.
      from = Math.max(Date.parse(modifiedAt(kind, last)), from + 1);
      after = undefined;
      taken = 0;
    }
  }
}
