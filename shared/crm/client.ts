import * as z from 'zod';
import { Failure } from '../failure.ts';
import type { Kind, RecordRef } from '../record/index.ts';
import type { CrmAnswer } from './answer.ts';
import type { CrmPage, FieldsAnswer, FieldWrite, NumbersToSend } from './api.ts';

/** @throws Failure `crm.unavailable` (retried), from every method. */
export interface CrmClient {
  writeNumbers(record: NumbersToSend): Promise<CrmAnswer>;
  writeFields(write: FieldWrite): Promise<FieldsAnswer>;
  readRecord(ref: RecordRef): Promise<Readonly<Record<string, unknown>> | null>;
  listRecords(kind: Kind, after: string): Promise<CrmPage | null>;
}

const data = z.record(z.string(), z.unknown());
const page = z.object({
  items: z.array(data),
  next: z
    .union([z.string(), z.number()])
    .nullish()
    .transform((next) => String(next ?? '')),
});

/** Records on one page of a list. */
const PAGE = 500;

export interface CrmClientDeps {
  readonly url: string;
  readonly token: () => Promise<string>;
  readonly forgetToken: () => void;
  readonly fetch?: typeof fetch;
  readonly timeoutMs?: number;
}

/** `PATCH {CRM_API_URL}/customers/{crmId}` and `/contacts/{crmId}` with the numbers, or changed fields, and an idempotency key. */
export function createCrmClient({
  url,
  token,
  forgetToken,
  fetch: send = fetch,
  timeoutMs = 15_000,
}: CrmClientDeps): CrmClient {
  const patch = async (
    { kind, crmId }: RecordRef,
    body: object,
    headers: Readonly<Record<string, string>>,
  ): Promise<Response> => {
    const response = await request(send, `${url.replace(/\/$/, '')}/${kind}s/${encodeURIComponent(crmId)}`, {
      method: 'PATCH',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${await token()}`, ...headers },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
      // A sign-in page is no CRM, and a stranger is to have neither token nor values.
      redirect: 'manual',
    });
    await response.body?.cancel();
    return response;
  };
  const get = async (path: string): Promise<Response> =>
    request(send, `${url.replace(/\/$/, '')}/${path}`, {
      headers: { accept: 'application/json', authorization: `Bearer ${await token()}` },
      signal: AbortSignal.timeout(timeoutMs),
      redirect: 'manual',
    });
  const judge = (response: Response): CrmAnswer => {
    const { status } = response;
    if (status >= 300 && status < 400) return 'redirected';
    if (response.ok) {
      // A maintenance page, or a proxy's own: the CRM has heard nothing.
      if (isPage(response)) throw new Failure('crm.unavailable', { detail: `HTTP ${status} with a page` });
      return 'written';
    }
    if (status === 404 || status === 410) return 'unknown-record';
    if (status === 401 || status === 403) {
      forgetToken();
      return 'unauthorized';
    }
    if (status === 408 || status === 425 || status === 429 || status >= 500) {
      throw new Failure('crm.unavailable', { detail: `HTTP ${status}`, ...retryAfter(response) });
    }
    return 'refused';
  };
  /** The record as the CRM has it now, where it offers that; null otherwise, and where it has none: the write says so. */
  const read = async (ref: RecordRef): Promise<Readonly<Record<string, unknown>> | null> => {
    const response = await get(`${ref.kind}s/${encodeURIComponent(ref.crmId)}`);
    if (!response.ok || isPage(response)) {
      await response.body?.cancel();
      const isAway = response.ok || response.status === 429 || response.status >= 500;
      if (isAway) throw new Failure('crm.unavailable', { detail: `HTTP ${response.status}`, ...retryAfter(response) });
      return null;
    }
    const json: unknown = await response.json().catch(() => null);
    const found = data.safeParse(json);
    if (!found.success) throw new Failure('crm.unavailable', { detail: 'a record in an unknown form' });
    return found.data;
  };
  return {
    async writeNumbers({ ref, associateNo, customerNo, parentNo }) {
      const numbers =
        ref.kind === 'customer'
          ? { customerNumber: customerNo, actorNumber: associateNo }
          : { actorNumber: associateNo, relatedCustomerActorNumber: parentNo };
      const key = [ref.kind, ref.crmId, ...Object.values(numbers)].join('-');
      return judge(await patch(ref, numbers, { 'idempotency-key': key }));
    },
    async writeFields({ ref, fields, version, idempotencyKey, holds }) {
      // Without versions the CRM cannot say itself that somebody has edited the record.
      const record = version === null ? await read(ref) : null;
      const held = record === null ? 'as-known' : await holds(record);
      if (held !== 'as-known') return held;
      const texts = Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, value.reveal()]));
      const response = await patch(ref, texts, {
        'idempotency-key': idempotencyKey,
        ...(version !== null && { 'if-match': `"${version}"` }),
      });
      return response.status === 412 ? 'newer' : judge(response);
    },
    readRecord: read,
    async listRecords(kind, after) {
      const query = new URLSearchParams({ ...(after !== '' && { after }), limit: String(PAGE) });
      const response = await get(`${kind}s?${query.toString()}`);
      if (response.status === 404 || response.status === 405) {
        await response.body?.cancel();
        return null;
      }
      if (!response.ok || isPage(response)) {
        await response.body?.cancel();
        throw new Failure('crm.unavailable', { detail: `HTTP ${response.status}` });
      }
      const read = page.safeParse(await response.json().catch(() => null));
      if (!read.success) throw new Failure('crm.unavailable', { detail: 'a list in an unknown form' });
      return read.data;
    },
  };
}

async function request(send: typeof fetch, url: string, init: RequestInit): Promise<Response> {
  try {
    return await send(url, init);
  } catch {
    // What fetch says may hold the URL; the code says enough.
    throw new Failure('crm.unavailable');
  }
}

const isPage = (response: Response): boolean => /^\s*text\/html\b/i.test(response.headers.get('content-type') ?? '');

/** However long the CRM asks to be left alone: a wish of a day must not keep the numbers for a day. */
const LONGEST_WISH_MS = 10 * 60_000;

/** Seconds, as most send it; a date is left to the own schedule. */
function retryAfter(response: Response): { retryAfterMs?: number } {
  const seconds = Number(response.headers.get('retry-after'));
  return Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1000, LONGEST_WISH_MS) } : {};
}
