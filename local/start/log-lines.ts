import { z } from 'zod';
import type { RecordRef } from '../../shared/record/index.ts';

const line = z.object({
  event: z.enum(['apply', 'write-back']),
  kind: z.enum(['customer', 'contact']),
  crmId: z.string(),
  outcome: z.string(),
  code: z.string().optional(),
  /** What a look at the ERP found changed; of a write-back, what became of the fields beside the numbers. */
  fields: z.union([z.array(z.string()), z.string()]).optional(),
});

/** One attempt at a record, as the functions' log tells it. */
export type Attempt = z.infer<typeof line>;

export const refText = ({ kind, crmId }: Pick<RecordRef, 'kind'> & { readonly crmId: string }): string =>
  `${kind} ${crmId}`;

/** Null for any other line of the log. */
export function toAttempt(text: string): Attempt | null {
  if (!text.startsWith('{')) return null;
  const result = line.safeParse(JSON.parse(text));
  return result.success ? result.data : null;
}

/** What was attempted for each record, in order. */
export class Attempts {
  readonly #of = new Map<string, Attempt[]>();

  add(attempt: Attempt): void {
    const key = refText(attempt);
    this.#of.set(key, [...(this.#of.get(key) ?? []), attempt]);
  }

  of(ref: RecordRef): readonly Attempt[] {
    return this.#of.get(refText(ref)) ?? [];
  }
}
