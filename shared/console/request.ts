import * as z from 'zod';
import { isCrmId, WRITTEN_FIELDS, type RecordRef } from '../record/index.ts';
import { MOST_PLANS, RECONCILE_KINDS, type Selection } from '../sync/index.ts';

/** What a caller may send, at the border. */

const recordName = z
  .string()
  .max(80)
  .transform((text, context): RecordRef => {
    const [, kind, crmId = ''] = /^(customer|contact):(.+)$/.exec(text) ?? [];
    if (isCrmId(crmId)) return { kind: kind === 'customer' ? 'customer' : 'contact', crmId };
    context.addIssue({ code: 'custom', message: 'customer:<id> or contact:<id>' });
    return z.NEVER;
  });

const refObject = z.object({ kind: z.enum(['customer', 'contact']), crmId: z.string() }).transform((text, context) => {
  if (isCrmId(text.crmId)) return { kind: text.kind, crmId: text.crmId } satisfies RecordRef;
  context.addIssue({ code: 'custom', message: 'no id of a record' });
  return z.NEVER;
});

/** As `customer:C-1001`. */
export const toRef = (kind: string, crmId: string): RecordRef | null => {
  const read = refObject.safeParse({ kind, crmId });
  return read.success ? read.data : null;
};

/** The record of `customer:C-1001`; null where it is none. */
export const readRef = (name: string): RecordRef | null => recordName.safeParse(name).data ?? null;

export const toRefs = (names: readonly string[]): readonly RecordRef[] => z.array(recordName).parse(names);

const code = z.string().regex(/^[a-z][a-z.-]{0,60}$/);
const olderThanHours = z.coerce.number().min(0).max(100_000);

/** From a query or a form: `record` any number of times, `code`, `olderThanHours`. @throws ZodError */
export function toSelection(fields: {
  readonly records: readonly string[];
  readonly code?: string | undefined;
  readonly olderThanHours?: string | undefined;
}): Selection {
  const refs = toRefs(fields.records);
  return {
    ...(refs.length > 0 && { refs }),
    ...(fields.code !== undefined && fields.code !== '' && { code: code.parse(fields.code) }),
    ...(fields.olderThanHours !== undefined &&
      fields.olderThanHours !== '' && { olderThanHours: olderThanHours.parse(fields.olderThanHours) }),
  };
}

const reason = z.string().trim().max(500).default('');

const selection = z
  .object({ refs: z.array(refObject).max(5_000), code, olderThanHours })
  .partial()
  .transform(({ refs, code: given, olderThanHours: hours }): Selection => ({
    ...(refs && { refs }),
    ...(given !== undefined && { code: given }),
    ...(hours !== undefined && { olderThanHours: hours }),
  }));

const bulk = { selection, dryRun: z.boolean().default(false), etag: z.string().max(64).optional(), reason };

/** Names of the records whose plans are asked for in one call. */
export const planned = z.array(z.string()).min(1).max(MOST_PLANS);

const KEPT_FIELDS = [...new Set([...WRITTEN_FIELDS.customer, ...WRITTEN_FIELDS.contact])];

/** Bodies of the JSON API. */
export const bodies = {
  reason: z.object({ reason }),
  find: z.object({ query: z.string().trim().min(1).max(200), reason }),
  values: z.object({ records: z.array(z.string()).min(1).max(100), reason: z.string().trim().min(1).max(500) }),
  planValues: z.object({
    records: planned,
    reason: z.string().trim().min(1).max(500),
  }),
  note: z.object({ code, text: z.string().trim().max(500), reason }),
  discard: z.object(bulk),
  free: z.object({ selection, dryRun: z.boolean().default(false), reason }),
  replay: z.object({
    ...bulk,
    cap: z.int().min(1).max(1_000).default(1_000),
    release: z.boolean().default(false),
    create: z.boolean().default(false),
    action: z.enum(['failed.replay', 'deletes.release']).optional(),
  }),
  settleField: z.object({
    use: z.enum(['crm', 'erp', 'ignore']),
    mark: z.string().max(64).optional().describe('Of what was shown, as the list has it: anything else is refused.'),
    reason,
  }),
  letBe: z.object({
    kind: z.enum(RECONCILE_KINDS).exclude(['differs']),
    record: z.string().max(80).default(''),
    associateNos: z.array(z.int().min(1).max(2_147_483_647)).max(100).default([]),
    reason: z.string().trim().min(1).max(500),
  }),
  settleMany: z.object({
    kind: z.enum(RECONCILE_KINDS),
    field: z.enum(KEPT_FIELDS).optional().describe('Of lines whose fields differ: this one alone.'),
    use: z.enum(['crm', 'erp', 'ignore']).describe('Lines that are none of fields can only be ignored.'),
    dryRun: z.boolean().default(false),
    cap: z.int().min(1).max(10_000).optional(),
    comparedAt: z.string().max(40).optional().describe('`at` of the list that was seen: another is refused with 412.'),
    reason,
  }),
  link: z.object({
    associateNo: z.int().min(1).max(2_147_483_647),
    winner: z.enum(['crm', 'erp']).default('crm'),
    keep: z
      .array(z.enum(KEPT_FIELDS))
      .max(KEPT_FIELDS.length)
      .default([])
      .describe('Fields in which the ERP’s values stay where the CRM’s win otherwise.'),
    reason,
  }),
} as const;
