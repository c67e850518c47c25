import { ClientError, GraphQLClient } from 'graphql-request';
import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import type { Clock } from './clock.ts';
import type { Gate, Pass } from '../limits/gate.ts';
import { describeNetworkError } from './network.ts';
import { failureOf, judgeAnswer, traceIdOf, warningsIn, type Answer, type RawAnswer, type Reply } from './reply.ts';
import type { Tokens } from './token.ts';
import type { OnVerdict } from './verdict.ts';

/** A named, parameterised operation. */
export interface Operation {
  readonly name: string;
  readonly document: string;
  /** May hold personal values: never logged, never part of an error. */
  readonly variables: Readonly<Record<string, unknown>>;
  /** What it meets may be the doing of the records it carries: its sender has that judged before the flow hears of it. */
  readonly isJudged?: true;
}

/** One HTTP request to the ERP, for the log: never a value from a record. */
export interface RequestLine {
  readonly operation: string;
  /** Operations in the request, as the ERP's limits count them. */
  readonly operations: number;
  readonly ms: number;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  readonly traceId: string | null;
  /** Warnings in the answer's `extensions`. */
  readonly warnings: number;
  /** `ok`, `errors` (answered with errors), or the failure's code. */
  readonly outcome: string;
}

export interface TransportDeps {
  readonly settings: Pick<Settings, 'NXT_GRAPHQL_URL' | 'NXT_TIMEOUT_SECONDS'>;
  readonly tokens: Tokens;
  readonly gate: Gate;
  readonly clock: Clock;
  readonly fetch: typeof fetch;
  readonly onRequest: (line: RequestLine) => void;
  /** An answer, or the failure of a request that carried no record. */
  readonly onVerdict: OnVerdict;
}

export interface Transport {
  enter(): Promise<Pass>;
  /**
   * Sends what `prepare` gives, asked right before the request leaves and again before it is repeated with a fresh
   * token or after a long wait; undefined = nothing is left to send. The pass is given back in every case.
   */
  send(pass: Pass, prepare: () => Promise<Operation | undefined>): Promise<Reply | undefined>;
  /** A read: any error is thrown as a `Failure`. */
  ask(operation: Operation, pass?: Pass): Promise<Answer>;
}

/** What `prepare` settled (leases, for one) is asked again after a wait longer than this. */
const STALE_AFTER_MS = 5000;
const ROUNDS = 4;
/** The pause after a refusal by a limit that names none. */
const SLOW_DOWN_MS = 5000;

/** One HTTP request at a time per pass; every outcome becomes a `Reply` or a `Failure` that is safe to log. */
export function createTransport(deps: TransportDeps): Transport {
  const { clock, gate, tokens, settings } = deps;
  const client = new GraphQLClient(settings.NXT_GRAPHQL_URL, {
    fetch: deps.fetch,
    errorPolicy: 'all',
    redirect: 'manual',
  });

  const post = async (operation: Operation, token: string): Promise<RawAnswer> => {
    try {
      return await client.rawRequest<unknown, Record<string, unknown>>({
        query: operation.document,
        variables: { ...operation.variables },
        requestHeaders: { authorization: `Bearer ${token}` },
        signal: clock.timeout(settings.NXT_TIMEOUT_SECONDS * 1000),
      });
    } catch (error) {
      // Its message holds the variables and the answer, so nothing but the parts named here leaves this function.
      if (error instanceof ClientError) return { ...error.response };
      throw error;
    }
  };

  /** One HTTP request with its log line. */
  const attempt = async (operation: Operation, token: string): Promise<Reply> => {
    const began = clock.now();
    let status: number | null = null;
    let traceId: string | null = null;
    let warnings = 0;
    let reply: Reply;
    try {
      const raw = await post(operation, token);
      status = raw.status;
      traceId = traceIdOf(raw) ?? null;
      warnings = warningsIn(raw);
      reply = judgeAnswer(raw, clock.now());
    } catch (error) {
      reply = judgeThrown(error);
    }
    deps.onRequest({
      operation: operation.name,
      operations: 1,
      ms: clock.now() - began,
      status,
      traceId,
      warnings,
      outcome: outcomeOf(reply),
    });
    return reply;
  };

  const converse = async (pass: Pass, prepare: () => Promise<Operation | undefined>): Promise<Reply | undefined> => {
    let unauthorized = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      const token = await tokens.get();
      const operation = await prepare();
      if (operation === undefined) return undefined;
      const asked = clock.now();
      await pass.start();
      if (clock.now() - asked > STALE_AFTER_MS) continue;
      const reply = await attempt(operation, token);
      const isRefused = reply.kind === 'refused' && reply.failure.code === 'erp.unauthorized';
      if (isRefused) {
        tokens.drop(token);
        unauthorized += 1;
        if (unauthorized < 2) continue;
      }
      if (reply.kind === 'answered') deps.onVerdict(operation.name, null);
      else if (operation.isJudged !== true) deps.onVerdict(operation.name, reply.failure);
      return reply;
    }
    return { kind: 'refused', failure: new Failure('erp.rate-limited', { detail: 'no start time within reach' }) };
  };

  const send: Transport['send'] = async (pass, prepare) => {
    let reply: Reply | undefined;
    try {
      reply = await converse(pass, prepare);
    } finally {
      pass.leave(reply !== undefined && mayStillRun(reply) ? 'abandoned' : 'answered');
    }
    if (reply?.kind === 'refused' && ['erp.rate-limited', 'erp.outstanding-limit'].includes(reply.failure.code)) {
      gate.slowDown(reply.failure.details.retryAfterMs ?? SLOW_DOWN_MS);
    }
    return reply;
  };

  return {
    enter: () => gate.enter(),
    send,
    ask: async (operation, pass) => {
      const reply = await send(pass ?? (await gate.enter()), async () => operation);
      if (reply === undefined) throw new Failure('bug.unexpected', { detail: 'a read without an operation' });
      if (reply.kind !== 'answered') throw reply.failure;
      if (reply.answer.errors.length > 0) throw failureOf(reply.answer.errors[0], reply.answer.traceId);
      return reply.answer;
    },
  };
}

/** Whether the ERP may still be at work on it: no answer came, or only that of a gateway that did not wait. */
function mayStillRun(reply: Reply): boolean {
  if (reply.kind !== 'lost') return false;
  const { code, details } = reply.failure;
  return code !== 'erp.unavailable' || /^HTTP (408|502|504)$/.test(details.detail ?? '');
}

function judgeThrown(error: unknown): Reply {
  const { executed, kind, detail } = describeNetworkError(error);
  const codes = {
    timeout: 'erp.timeout',
    network: 'erp.unreachable',
    answer: 'erp.unavailable',
    bug: 'bug.unexpected',
  } as const;
  const failure = new Failure(codes[kind], { detail });
  return { kind: executed === 'no' ? 'refused' : 'lost', failure };
}

function outcomeOf(reply: Reply): string {
  if (reply.kind !== 'answered') return reply.failure.code;
  return reply.answer.errors.length > 0 ? 'errors' : 'ok';
}
