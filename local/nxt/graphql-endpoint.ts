import type { ServerResponse } from 'node:http';
import { type ExecutionResult, GraphQLError } from 'graphql';
import { type Admitted, answerAll } from './carry-out.ts';
import type { Fault } from './faults.ts';
import { breakConnection, clientGone, readBody, sendGatewayPage, sendJson } from './http.ts';
import { LOST_SLOT_MS, SlidingMinute } from './limits.ts';
import type { Operation } from './operation.ts';
import type { RequestEntry } from './requests.ts';
import { type Handler, newTraceId, type Sandbox } from './state.ts';
import { retryAfter } from './token-endpoint.ts';

/** One request on its way through. */
interface Passage {
  readonly response: ServerResponse;
  readonly entry: RequestEntry;
  readonly operations: readonly Operation[];
  /** No member got a place in progress: the refusal comes at once. */
  readonly isFull: boolean;
  readonly carryOut: () => Promise<readonly ExecutionResult[]>;
  readonly send: (answers: readonly ExecutionResult[]) => void;
  readonly release: () => void;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

async function loseAnswer(how: 'reset' | 'hang' | 'gateway-timeout', { response, entry }: Passage): Promise<void> {
  entry.outcome = how === 'gateway-timeout' ? 504 : how;
  if (how === 'reset') breakConnection(response);
  else if (how === 'gateway-timeout') sendGatewayPage(response, 504);
  else await clientGone(response);
}

/** False when the request took longer than the service allows. */
async function pause({ faults, settings }: Sandbox): Promise<boolean> {
  const wanted = faults.latency();
  const limit = settings.executionSeconds * 1000;
  const ms = Math.min(wanted, limit);
  if (ms > 0) await new Promise<void>((resolve) => settings.clock.after(ms, resolve));
  return wanted <= limit;
}

const TIMED_OUT = { en: 'The operation timed out.', no: 'Tidsavbrudd.' } as const;

/** Carries a request out, or lets the fault that strikes it have its way. */
async function pass(passage: Passage, fault: Fault | undefined, sandbox: Sandbox): Promise<void> {
  const { response, entry, operations, release } = passage;
  switch (fault?.do) {
    case 'status':
      entry.outcome = fault.status;
      if (fault.as !== 'json') sendGatewayPage(response, fault.status, retryAfter(fault.retryAfterSeconds));
      else sendJson(response, fault.status, { errors: [{ message: 'An unexpected error occurred.' }] });
      break;
    case 'hang':
      entry.outcome = 'hang';
      await clientGone(response);
      if (fault.keepSlot === true) {
        sandbox.settings.clock.after(LOST_SLOT_MS, release);
        return;
      }
      break;
    case 'reset':
      entry.outcome = 'reset';
      breakConnection(response);
      break;
    case 'land-later': {
      const kinds = operations.flatMap(({ fields }) => fields);
      sandbox.faults.landLater(fault.afterMs, kinds, () => passage.carryOut().then(release));
      await loseAnswer(fault.how, passage);
      return;
    }
    case 'lose-answer':
      await pause(sandbox);
      await passage.carryOut();
      await loseAnswer(fault.how, passage);
      break;
    default: {
      if (!passage.isFull && !(await pause(sandbox))) {
        entry.outcome = 200;
        passage.send(operations.map(() => ({ errors: [new GraphQLError(TIMED_OUT[sandbox.settings.language])] })));
        break;
      }
      const answers = await passage.carryOut();
      entry.outcome = 200;
      passage.send(answers);
    }
  }
  release();
}

/** Gives each member a place in progress; members beyond the limit get none. */
function admit(operations: readonly Operation[], forcedFull: boolean, { settings, slots }: Sandbox) {
  const places: (() => void)[] = [];
  const members = operations.map((operation): Admitted => {
    if (!operation.companies.includes(settings.companyNo)) return { operation, full: false };
    const place = forcedFull ? undefined : slots.take();
    if (place !== undefined) places.push(place);
    return { operation, full: place === undefined };
  });
  const release = () => {
    for (const place of places) place();
  };
  return { members, release };
}

/** `POST /api/graphql-service`. */
export function graphqlEndpoint(sandbox: Sandbox): Handler {
  const { settings, tokens, requests, faults } = sandbox;
  const minutes = new Map<string, SlidingMinute>();

  /** Verified: 600 requests a minute per token, refused by the gateway; members of a batch are counted one each. */
  const withinLimit = (token: string, members: number): boolean => {
    const now = settings.clock.now();
    const minute = minutes.get(token) ?? new SlidingMinute();
    minutes.set(token, minute);
    if (minute.count(now) + members > settings.requestsPerMinute) return false;
    minute.add(now, members);
    return true;
  };

  return async (request, response) => {
    const text = await readBody(request);
    const body = jsonOf(text);
    const batch = Array.isArray(body);
    const operations = (batch ? body : [body]).map(sandbox.operation);
    const startedAt = settings.clock.now();
    const entry = requests.graphql(startedAt, operations);
    response.once('close', () => {
      entry.durationMs = settings.clock.now() - startedAt;
    });
    response.setHeader('x-vbc-traceid', newTraceId());

    const bearer = /^Bearer (?<token>.+)$/iu.exec(request.headers.authorization ?? '')?.groups?.['token'] ?? '';
    const token = tokens.find(bearer);
    const refuse = (status: 401 | 429) => {
      requests.count(status === 401 ? 'unauthorized' : 'tooManyRequests');
      entry.outcome = status;
      sendGatewayPage(response, status);
    };
    if (token === undefined) {
      refuse(401);
      return;
    }
    if (!withinLimit(bearer, operations.length)) {
      refuse(429);
      return;
    }
    if (operations.length > settings.maxBatch) {
      entry.outcome = 200;
      const message = `A batch holds at most ${settings.maxBatch} requests.`;
      sendJson(response, 200, { errors: [{ message, extensions: { code: 'BATCH_TOO_LARGE' } }] });
      return;
    }
    const fault = faults.strike(
      operations.flatMap(({ fields }) => fields),
      text,
    );
    if (fault !== undefined) entry.fault = fault.do;
    if (fault?.do === 'expire-token') {
      tokens.expire(bearer);
      refuse(401);
      return;
    }
    const { members, release: free } = admit(operations, fault?.do === 'outstanding-limit', sandbox);
    const release = () => {
      const hasGone = response.destroyed && !response.writableFinished;
      if (settings.keepSlots && hasGone) settings.clock.after(LOST_SLOT_MS, free);
      else free();
    };
    const carryOut = () => answerAll(members, token, sandbox);
    const send = (answers: readonly ExecutionResult[]) => sendJson(response, 200, batch ? answers : answers[0]);
    try {
      const isFull = members.every(({ full }) => full);
      await pass({ response, entry, operations, isFull, carryOut, send, release }, fault, sandbox);
    } catch (error) {
      release();
      throw error;
    }
  };
}
