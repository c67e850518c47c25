import { z } from 'zod';

/**
 * What goes wrong with a write-back: an error status, or no answer (`hang`). `next` strikes the next n, left out every
 * one; `crmId` only that record's.
 */
export const crmFaultSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('status'),
    status: z.int().min(400).max(599),
    retryAfterSeconds: z.number().optional(),
    next: z.int().positive().optional(),
    crmId: z.string().optional(),
  }),
  z.strictObject({ do: z.literal('hang'), next: z.int().positive().optional(), crmId: z.string().optional() }),
]);

export type CrmFault = z.output<typeof crmFaultSchema>;

/** Faults that are on, adjustable while the simulator runs. */
export class CrmFaults {
  #active: { readonly fault: CrmFault; left: number }[] = [];

  add(...faults: readonly CrmFault[]): void {
    for (const fault of faults) this.#active.push({ fault, left: fault.next ?? Infinity });
  }

  clear(): void {
    this.#active = [];
  }

  /** The fault this record's call meets, if any. */
  strike(crmId: string): CrmFault | undefined {
    const entry = this.#active.find(({ fault, left }) => left > 0 && (fault.crmId ?? crmId) === crmId);
    if (entry !== undefined) entry.left--;
    return entry?.fault;
  }
}
