import { createCrmHttp, orRefusal, type CrmApi, type CrmApiDeps } from '../../crm/index.ts';
import { Failure } from '../../failure.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import type { CompiledMapping } from './compiled.ts';
import { EvaluationError } from './expression.ts';

const REQUESTS_PER_MINUTE = 300;

/** How numbers go back, as the mapping says. Null where it says nothing, or no address is set. */
export function connectMapped(mapping: CompiledMapping, settings: AdapterSettings, deps: CrmApiDeps): CrmApi | null {
  const { numbers } = mapping;
  const { CRM_API_URL: base } = settings;
  if (numbers === null || base === undefined) return null;
  const http = createCrmHttp({
    gate: deps.gate(settings.CRM_REQUESTS_PER_MINUTE ?? REQUESTS_PER_MINUTE),
    async signIn() {
      const token = await deps.token();
      return Object.fromEntries(
        Object.entries(numbers.headers).map(([name, value]) => [name, value.replaceAll('{token}', token)]),
      );
    },
    forgetSignIn: deps.forgetToken,
    ...(deps.fetch && { fetch: deps.fetch }),
  });
  return {
    async writeNumbers({ ref, customerNo, associateNo, parentNo }) {
      const request = numbers[ref.kind];
      if (request === null) return 'written';
      const known = {
        ...ref,
        actorNumber: associateNo,
        ...(ref.kind === 'customer' ? { customerNumber: customerNo } : { relatedCustomerActorNumber: parentNo }),
      };
      const json = await bodyOf(request.body, known, deps.now());
      const url = `${base.replace(/\/+$/, '')}${request.url.replaceAll('{crmId}', encodeURIComponent(ref.crmId))}`;
      const answer = await orRefusal(() => http({ method: request.method, url, json }));
      if (typeof answer === 'string') return answer;
      if (answer.status < 300) return 'written';
      return answer.status === 404 || answer.status === 410 ? 'unknown-record' : 'refused';
    },
  };
}

async function bodyOf(
  body: NonNullable<NonNullable<CompiledMapping['numbers']>['customer']>['body'],
  known: object,
  now: number,
) {
  try {
    return await body(known, { header: () => null, request: known, receivedAt: new Date(now).toISOString() });
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new Failure('settings.invalid', { detail: `CRM_MAPPING: numbers: ${error.message}` });
  }
}
