import * as z from 'zod';
import type { AuditEntry } from '../../shared/audit/index.ts';
import type { FlowStatus } from '../../shared/flow/index.ts';
import type { RecordRef } from '../../shared/record/index.ts';
import {
  recordText,
  SelectionChanged,
  type Actor,
  type BothSides,
  type Differences,
  type FailureList,
  type FieldChoice,
  type Found,
  type Freed,
  type ManySettled,
  type Note,
  type OpenFields,
  type Operations,
  type AppliedPlan,
  type PlannedList,
  type ReconcileLine,
  type RecordLife,
  type RecordPlan,
  type ReplayAnswer,
  type Selection,
  type SettledField,
  type Status,
  type Waiting,
} from '../../shared/sync/index.ts';
import { UsageError, type Context } from '../context.ts';

/** The functions' own limit is longer than the load balancer's, which hangs up after 230 s. */
const TIMEOUT_MS = 235_000;
/** Records of one request, so that it ends well before that: more are further requests. */
const MOST_AT_ONCE = 1_000;

/** Both sides are one program: that an answer is an object is enough to know whether it is ours at all. */
const problem = z.object({ code: z.string(), title: z.string() });

const object = <T extends object>() => z.custom<T>((value) => typeof value === 'object' && value !== null);

/** What people do, through the deployed app's API instead of rights on its storage. Who acts is whoever `az` has signed in. */
export function remoteOperations(url: string, { token }: Pick<Context, 'token'>): Operations {
  const base = baseOf(url);
  const call = async <T extends object>(path: string, body?: object): Promise<T> => {
    if (token === undefined)
      throw new UsageError('error: --url needs the Azure command line: install it and run `az login`');
    const response = await request(`${base}${path}`, await token(base), body);
    if (response.status === 412) throw new SelectionChanged();
    if (response.ok) return object<T>().parse(await response.json());
    const said = problem.safeParse(await response.json().catch(() => null));
    throw new UsageError(said.success && response.status === 409 ? said.data.title : refusal(base, response.status));
  };
  const read = <T extends object>(path: string, selection: Selection) => call<T>(`${path}?${query(selection)}`);
  const act = <T extends object>(path: string, body: object, { reason }: Actor) => call<T>(path, { ...body, reason });

  return {
    status: () => call<Status>('/status'),
    failures: (selection) => read<FailureList>('/failures', selection),
    waiting: async (selection) => (await read<{ items: readonly Waiting[] }>('/waiting', selection)).items,
    planned: (selection) => read<PlannedList>('/planned', selection),
    plans: async (refs, shownTo) => {
      const answer = await (shownTo === undefined
        ? read<{ items: readonly RecordPlan[] }>('/planned/plans', { refs })
        : act<{ items: readonly RecordPlan[] }>('/planned/values', { records: refs.map(recordText) }, shownTo));
      return answer.items;
    },
    record: ({ kind, crmId }) => call<RecordLife>(`/records/${kind}/${encodeURIComponent(crmId)}`),
    audit: async (limit) => (await call<{ items: readonly AuditEntry[] }>(`/audit?limit=${limit}`)).items,
    replay: ({ perSecond: _rate, cap = MOST_AT_ONCE, ...body }, actor) =>
      act<ReplayAnswer>('/failures/replay', { ...body, cap: Math.min(cap, MOST_AT_ONCE) }, actor),
    discard: async (body, actor) =>
      (await act<{ items: readonly RecordRef[] }>('/failures/discard', body, actor)).items,
    free: async (body, actor) =>
      (await act<{ items: readonly { ref: RecordRef; result: Freed | 'would-free' }[] }>('/waiting/free', body, actor))
        .items,
    applyPlanned: async (body, actor) =>
      (await act<{ items: readonly { ref: RecordRef; result: AppliedPlan }[] }>('/planned/apply', body, actor)).items,
    link: async ({ kind, crmId }, associateNo, actor, kept = []) => {
      const values = kept === 'all' ? { winner: 'erp' } : { keep: kept };
      await act(`/records/${kind}/${encodeURIComponent(crmId)}/link`, { associateNo, ...values }, actor);
    },
    unlink: async ({ kind, crmId }, actor) => {
      await act(`/records/${kind}/${encodeURIComponent(crmId)}/unlink`, {}, actor);
    },
    find: (query, actor) => act<Found>('/find', { query }, actor),
    values: async (refs, actor) =>
      (await act<{ items: readonly BothSides[] }>('/values', { records: refs.map(recordText) }, actor)).items,
    notes: async () => (await call<{ items: readonly Note[] }>('/notes')).items,
    note: async (code, text, actor) => {
      await act('/notes', { code, text }, actor);
    },
    openFields: async (selection) => (await read<{ items: readonly OpenFields[] }>('/fields', selection)).items,
    reconcile: (actor, onPage) =>
      whileWaiting(onPage, async () => (await act<{ items: readonly ReconcileLine[] }>('/reconcile', {}, actor)).items),
    differences: async () => (await call<{ last: Differences | null }>('/differences')).last,
    settleField: async ({ kind, crmId }, field, choice, actor, mark) => {
      const path = `/records/${kind}/${encodeURIComponent(crmId)}/fields/${encodeURIComponent(field)}`;
      const seen = mark === undefined ? {} : { mark };
      return (await act<{ result: SettledField }>(path, { use: useOf(choice), ...seen }, actor)).result;
    },
    letBe: async (line, actor) => {
      await act('/differences/ignore', line, actor);
    },
    settleMany: ({ choice, ...body }, actor, onEach) =>
      whileWaiting(onEach, () => act<ManySettled>('/differences/settle', { ...body, use: useOf(choice) }, actor)),
    pause: (actor) => act<FlowStatus>('/flow/pause', {}, actor),
    resume: (actor) => act<FlowStatus>('/flow/resume', {}, actor),
  };
}

/** The answer is one, and has a limit of its own: until it comes, that it is waited for is all that can be told. */
async function whileWaiting<T>(goesOn: (() => void) | undefined, work: () => Promise<T>): Promise<T> {
  const still = setInterval(() => goesOn?.(), 1_000);
  try {
    return await work();
  } finally {
    clearInterval(still);
  }
}

const useOf = (choice: FieldChoice): 'crm' | 'erp' | 'ignore' => ('ignore' in choice ? 'ignore' : choice.use);

/** `https://<app>.azurewebsites.net` with or without the API's path. @throws UsageError */
function baseOf(url: string): string {
  const parsed = URL.parse(url);
  const isSafe = parsed?.protocol === 'https:' || parsed?.hostname === '127.0.0.1' || parsed?.hostname === 'localhost';
  if (!parsed || !isSafe)
    throw new UsageError('error: --url is the app’s address, such as https://func-….azurewebsites.net');
  return `${parsed.origin}/api/ops/v1`;
}

function query({ refs = [], code, olderThanHours }: Selection): string {
  const given = new URLSearchParams(refs.map((ref) => ['record', recordText(ref)]));
  if (code !== undefined) given.set('code', code);
  if (olderThanHours !== undefined) given.set('olderThanHours', String(olderThanHours));
  return given.toString();
}

async function request(url: string, token: string, body?: object): Promise<Response> {
  try {
    return await fetch(url, {
      method: body === undefined ? 'GET' : 'POST',
      redirect: 'manual',
      headers: {
        ...(token !== '' && { authorization: `Bearer ${token}` }),
        accept: 'application/json',
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
  } catch {
    throw new UsageError(`error: ${new URL(url).origin} does not answer; check the address`);
  }
}

function refusal(base: string, status: number): string {
  const { origin } = new URL(base);
  if (status === 401 || status === 302)
    return `error: ${origin} does not know you: run \`az login\`, and see docs/setup.md, Console`;
  if (status === 403) return `error: ${origin} knows you, and your role does not allow this: ask for the role operator`;
  return `error: ${origin} answers ${status}`;
}
