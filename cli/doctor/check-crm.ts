import type { CrmReading } from '../../shared/crm/index.ts';
import type { Engine } from '../../shared/engine.ts';
import { Failure, FAILURES } from '../../shared/failure.ts';
import { WRITTEN_FIELDS, type CrmId } from '../../shared/record/index.ts';
import { bad, note, ok, type Check } from './check.ts';

const NAME = 'CRM';
/** Ids of both CRMs are numbers. */
const ANY = '1' as CrmId;
const TIMEOUT_MS = 5_000;
/** No record has it: its answer says whether the address and the token are right, and nothing else. */
const NOBODY = 'customers/doctor-asks-whether-you-are-there';

/** Whether the CRM's end is there and takes the token. Reads only. */
export async function checkCrm(
  { settings, secrets, crm }: Pick<Engine, 'settings' | 'secrets'> & { readonly crm?: Engine['crm'] },
  ask: typeof fetch = fetch,
): Promise<Check> {
  const { CRM_API_URL: url, CRM_ADAPTER } = settings;
  if (url === undefined) return note(NAME, 'CRM_API_URL is not set: new numbers are not sent to the CRM');
  if (crm?.reading !== undefined) return checkReading(crm.reading, url);
  if (CRM_ADAPTER !== 'standard') return note(NAME, `${url}: nothing can be asked without a record; ${written(crm)}`);
  const token = await secrets.find('crm-api-token').catch(() => null);
  if (token === null) return note(NAME, 'not asked: there is no token');
  const status = await statusOf(`${url.replace(/\/$/, '')}/${NOBODY}`, token, ask);
  if (status === null) return bad(NAME, `${url} does not answer`, 'check CRM_API_URL and the network');
  if (status === 401 || status === 403)
    return bad(NAME, `refuses the token (HTTP ${status})`, 'put the right crm-api-token in place');
  if (status >= 300 && status < 400)
    return bad(NAME, `answers with another address (HTTP ${status})`, 'set CRM_API_URL to where it leads');
  if (status >= 500)
    return bad(
      NAME,
      `has trouble of its own (HTTP ${status})`,
      'ask whoever runs the CRM; numbers wait until it is well',
    );
  return ok(NAME, 'answers, and takes the token');
}

/** The fields that accounting's edits can reach. */
function written(crm: Engine['crm'] | undefined): string {
  const kinds = (['customer', 'contact'] as const).flatMap((kind) => {
    const fields = WRITTEN_FIELDS[kind].filter((field) => crm?.writeFields && (crm.canWrite?.(kind, field) ?? true));
    return fields.length === 0 ? [] : [`${kind}: ${fields.join(', ')}`];
  });
  return kinds.length === 0
    ? 'numbers go there, and no fields (the mapping has no "fields")'
    : `fields that go there: ${kinds.join('; ')}; others are listed`;
}

/** Reads a record that there is hardly one of: the answer says whether this program may read. */
async function checkReading(reading: CrmReading, url: string): Promise<Check> {
  try {
    await reading.read('customer', [ANY]);
    return ok(NAME, `${url} can be read`);
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const { code, details } = error;
    return bad(NAME, `${code}${details.detail === undefined ? '' : ` (${details.detail})`}`, FAILURES[code].action);
  }
}

async function statusOf(url: string, token: string, ask: typeof fetch): Promise<number | null> {
  try {
    const response = await ask(url, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    await response.body?.cancel();
    return response.status;
  } catch {
    return null;
  }
}
