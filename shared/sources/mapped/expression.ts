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
      const result: unknown = await expression.evaluate(input, { header: headerOf, request, receivedAt, kind });
      // JSONata's lists carry marks of its own.
      return result === undefined ? undefined : (JSON.parse(JSON.stringify(result)) as unknown);
    } catch (error) {
      throw new EvaluationError(codeOf(error));
    }
  };
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
