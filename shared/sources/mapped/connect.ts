import { createCrmHttp, type CrmApi, type CrmApiDeps } from '../../crm/index.ts';
import type { AdapterSettings } from '../adapter-settings.ts';
import type { CompiledMapping } from './compiled.ts';
import { fieldWriter } from './write-fields.ts';
import { numberWriter } from './write-numbers.ts';

const REQUESTS_PER_MINUTE = 300;

/** How numbers and fields go back, as the mapping says. Null where it says nothing, or no address is set. */
export function connectMapped(mapping: CompiledMapping, settings: AdapterSettings, deps: CrmApiDeps): CrmApi | null {
  const { numbers, fields } = mapping;
  const { CRM_API_URL: address } = settings;
  if ((numbers === null && fields === null) || address === undefined) return null;
  const base = address.replace(/\/+$/, '');
  const gate = deps.gate(settings.CRM_REQUESTS_PER_MINUTE ?? REQUESTS_PER_MINUTE);
  const httpWith = (headers: Readonly<Record<string, string>>) =>
    createCrmHttp({
      gate,
      async signIn() {
        const token = await deps.token();
        return Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replaceAll('{token}', token)]),
        );
      },
      forgetSignIn: deps.forgetToken,
      ...(deps.fetch && { fetch: deps.fetch }),
    });
  return {
    writeNumbers: numberWriter(httpWith(numbers?.headers ?? {}), base, numbers, deps.now),
    ...(fields && {
      writeFields: fieldWriter(httpWith(fields.headers), base, mapping, deps.now),
      canWrite: (kind, field) => fields[kind]?.body[field] !== undefined,
    }),
  };
}
