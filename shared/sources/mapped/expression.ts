import jsonata from 'jsonata';
import { toIso } from '../time.ts';
import { SafeRegExp } from './safe-regexp.ts';

// Expressions in a mapping: https://docs.jsonata.org. A payload must not be able to keep the program busy.

/** Milliseconds. */
const MOST_TIME = 200;
const MOST_DEPTH = 100;
const MOST_ITEMS = 10_000;

/** What an expression may ask of the request it is about. */
export interface Surroundings {
  /** Null when there is no such header. */
  readonly header: (name: string) => string | null;
  /** The whole body. */
  readonly request: unknown;
  /** UTC ISO 8601. */
  readonly receivedAt: string;
  readonly kind?: 'customer' | 'contact' | undefined;
}

export type Evaluate = (input: unknown, surroundings: Surroundings) => Promise<unknown>;

/** The evaluation of an expression failed. Says how (JSONata's code), never what about. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/**
 * Compiles an expression. @throws Error whose message is about the expression alone, for whoever writes the mapping.
 */
export function compile(text: string): Evaluate {
  const expression = jsonata(text, {
    timeout: MOST_TIME,
    stack: MOST_DEPTH,
    sequence: MOST_ITEMS,
    RegexEngine: SafeRegExp as RegExpConstructor,
  });
  for (const pattern of patternsIn(expression.ast())) new SafeRegExp(pattern);
  // An expression in a payload is no expression of ours.
  expression.assign('eval', undefined);
  expression.registerFunction('time', (value: unknown) => toIso(value) ?? undefined, '<x?:s>');
  return async (input, { header, request, receivedAt, kind }) => {
    const headerOf = (name: unknown): string | undefined =>
      typeof name === 'string' ? (header(name.toLowerCase()) ?? undefined) : undefined;
    try {
      const bindings = { header: headerOf, request, receivedAt, kind };
      const result: unknown = await alone(() => inOwnTime(() => expression.evaluate(input, bindings)));
      // JSONata's lists carry marks of its own.
      return result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as unknown);
    } catch (error) {
      throw new EvaluationError(codeOf(error));
    }
  };
}

let last: Promise<unknown> = Promise.resolve();

/** One after the other: JSONata looks at the clock, and evaluations that take turns would use up each other's time. */
function alone<T>(evaluate: () => Promise<T>): Promise<T> {
  const result = last.then(evaluate);
  last = result.catch(() => undefined);
  return result;
}

/** JSONata's code for an evaluation whose time is over. */
const TIME_IS_OVER = 'D1012';
const MOST_TRIES = 5;

/** Begins anew where the machine was busy with something else: only time of the processor is the expression's own. */
async function inOwnTime(evaluate: () => Promise<unknown>): Promise<unknown> {
  for (let tries = 1; ; tries += 1) {
    const before = process.threadCpuUsage();
    try {
      return await evaluate();
    } catch (error) {
      const { user, system } = process.threadCpuUsage(before);
      const isItsOwn = (user + system) / 1000 >= MOST_TIME || tries === MOST_TRIES;
      if (codeOf(error) !== TIME_IS_OVER || isItsOwn) throw error;
    }
  }
}

/** JSONata makes its regular expressions when it evaluates: too late for whoever writes the mapping. */
function* patternsIn(node: unknown): Generator<RegExp> {
  if (node instanceof RegExp) yield node;
  else if (typeof node === 'object' && node !== null) for (const part of Object.values(node)) yield* patternsIn(part);
}

function codeOf(error: unknown): string {
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  return typeof code === 'string' && /^[A-Z]\d{4}$/.test(code) ? code : 'the expression could not be evaluated';
}
