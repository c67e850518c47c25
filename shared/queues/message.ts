import * as z from 'zod';
import { isCrmId, type CrmId, type RecordRef } from '../record/index.ts';

/** What a message of `crm-changes` and `crm-writebacks` says: which record to look at. Identifiers only. */
const message = z.object({
  kind: z.enum(['customer', 'contact']),
  crmId: z.custom<CrmId>((value) => typeof value === 'string' && isCrmId(value)),
});

/** A poison message: the same, with the failure's code. The platform's own copies have no code. */
const pointer = message.extend({ code: z.string().optional() });

export type Pointer = RecordRef & { readonly code?: string };

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Reads a message as the trigger gives it (an object, or its JSON text); null when it is none of ours. */
export function toMessage(body: unknown): RecordRef | null {
  const result = message.safeParse(typeof body === 'string' ? parseJson(body) : body);
  return result.success ? result.data : null;
}

export function toPointer(base64: string): Pointer | null {
  const result = pointer.safeParse(parseJson(Buffer.from(base64, 'base64').toString('utf8')));
  if (!result.success) return null;
  const { kind, crmId, code } = result.data;
  return { kind, crmId, ...(code !== undefined && { code }) };
}

export function encode({ kind, crmId, code }: Pointer): string {
  return Buffer.from(JSON.stringify({ kind, crmId, ...(code !== undefined && { code }) })).toString('base64');
}
