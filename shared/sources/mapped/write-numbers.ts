import { orRefusal, type CrmApi, type CrmHttp } from '../../crm/index.ts';
import type { CompiledMapping } from './compiled.ts';
import { evaluated, urlOf } from './request.ts';

/** The numbers in the request that the mapping makes of them; nothing where it makes none for the kind. */
export function numberWriter(
  http: CrmHttp,
  base: string,
  numbers: CompiledMapping['numbers'],
  now: () => number,
): CrmApi['writeNumbers'] {
  return async ({ ref, customerNo, associateNo, parentNo }) => {
    const request = numbers?.[ref.kind] ?? null;
    if (request === null) return 'written';
    const known = {
      ...ref,
      actorNumber: associateNo,
      ...(ref.kind === 'customer' ? { customerNumber: customerNo } : { relatedCustomerActorNumber: parentNo }),
    };
    const json = await evaluated('numbers', request.body, known, now());
    const answer = await orRefusal(() => http({ method: request.method, url: urlOf(base, request.url, ref), json }));
    if (typeof answer === 'string') return answer;
    if (answer.status < 300) return 'written';
    return answer.status === 404 || answer.status === 410 ? 'unknown-record' : 'refused';
  };
}
