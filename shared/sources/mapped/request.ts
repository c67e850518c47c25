import { Failure } from '../../failure.ts';
import type { RecordRef } from '../../record/index.ts';
import { EvaluationError, type Evaluate } from './expression.ts';

export const urlOf = (base: string, template: string, { crmId }: RecordRef): string =>
  `${base}${template.replaceAll('{crmId}', encodeURIComponent(crmId))}`;

/**
 * What an expression of the mapping gives for what is to be written.
 * @param place where it stands, for whoever writes the mapping
 * @throws Failure `settings.invalid`
 */
export const evaluated = (place: string, expression: Evaluate, known: unknown, now: number): Promise<unknown> =>
  orInvalid(place, () =>
    expression(known, { header: () => null, request: known, receivedAt: new Date(now).toISOString() }),
  );

/** An expression that fails is the mapping's, whatever the record. */
export async function orInvalid<T>(place: string, evaluate: () => Promise<T>): Promise<T> {
  try {
    return await evaluate();
  } catch (error) {
    if (!(error instanceof EvaluationError)) throw error;
    throw new Failure('settings.invalid', { detail: `CRM_MAPPING: ${place}: ${error.message}` });
  }
}
