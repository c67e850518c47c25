import type { Owner } from '../../record/index.ts';

// One field on its way between two systems: what was last in sync, what the CRM has, what the ERP has. Texts are
// compared as they are, so they must be canonical texts or keyed hashes of them, in which a difference of spelling is
// none; `''` is an empty field.

/** What each side held when the field was last in sync; they differ where a link was made without writing. */
export interface Base {
  readonly crm: string;
  readonly erp: string;
}

export interface ThreeValues {
  /** Null when the field has never been applied through the link. */
  readonly base: Base | null;
  /** Null when the CRM does not manage the field. */
  readonly crm: string | null;
  readonly erp: string;
}

export type FieldVerdict =
  /** Nothing changed, or nobody may act: the base stays. */
  | 'stay'
  /** Both sides hold the same: it becomes the base. */
  | 'agreed'
  | 'to-erp'
  | 'to-crm'
  /** Somebody changed it who does not own it: it stays where it is and shows in `reconcile`. */
  | 'not-allowed'
  | 'conflict';

/** Which way one field flows; pure. A field emptied in the ERP is no edit: it never flows, and is filled again. */
export function judgeField({ base, crm, erp }: ThreeValues, owner: Owner): FieldVerdict {
  if (crm === null) return 'stay';
  if (crm === erp) return base?.crm === crm && base.erp === erp ? 'stay' : 'agreed';
  if (base === null) return 'to-erp';
  const crmEdited = crm !== base.crm;
  const erpEdited = erp !== base.erp && erp !== '';
  if (crmEdited && !erpEdited) return onCrmEdit({ base, crm, erp }, owner);
  if (!crmEdited && erpEdited) return BY_ERP_EDIT[owner];
  if (!crmEdited) return 'stay';
  // The CRM clears only what it has seen.
  if (crm === '') return 'conflict';
  return BY_BOTH[owner];
}

function onCrmEdit({ base, crm, erp }: ThreeValues & { readonly base: Base }, owner: Owner): FieldVerdict {
  if (owner === 'erp') return 'not-allowed';
  // Where a link was made without writing, the ERP holds what the CRM has never had.
  return crm === '' && base.crm !== base.erp && erp !== '' ? 'conflict' : 'to-erp';
}

const BY_ERP_EDIT: Readonly<Record<Owner, FieldVerdict>> = {
  crm: 'not-allowed',
  erp: 'to-crm',
  both: 'to-crm',
  ask: 'conflict',
};

const BY_BOTH: Readonly<Record<Owner, FieldVerdict>> = {
  crm: 'to-erp',
  erp: 'to-crm',
  both: 'conflict',
  ask: 'conflict',
};

/** A value that was sent to the CRM and may not be in every snapshot yet. */
export interface SentToCrm {
  readonly value: string;
  /** What it replaced, and what was sent before it. */
  readonly replaced: readonly string[];
  /** When it left first, and the version it was decided on; null: it has not, or is not sent any more. */
  readonly tried: { readonly version: number | null; readonly at: string } | null;
  /** When the CRM's answer came, ISO 8601; `''` while it has not. */
  readonly answeredAt: string;
}

/** When the CRM made a snapshot, ISO 8601, and its version, where it has one. */
export interface Stamp {
  readonly at: string;
  readonly version: number | null;
}

/**
 * What a snapshot says about a field that was written to the CRM: `shown` = the write is there; `silent` = it was taken
 * before the write and says nothing; `after` = the CRM changed what was written; `says` = a value of the CRM's own;
 * `unknown` = the CRM's answer to the write will tell which of the two.
 */
export function readAfterWrite(
  crm: string,
  sent: SentToCrm,
  stamp: Stamp,
): 'shown' | 'silent' | 'after' | 'says' | 'unknown' {
  if (crm === sent.value) return 'shown';
  const isAnswered = sent.answeredAt !== '';
  if (isAnswered && stamp.at > sent.answeredAt) return 'after';
  if (sent.replaced.includes(crm)) return 'silent';
  if (!isPast(sent, stamp)) return 'says';
  return isAnswered ? 'after' : 'unknown';
}

/**
 * The snapshot is of a version after the one that was to be written on. The CRM takes a write on that one alone
 * (`If-Match`): if it took it, what the snapshot shows came afterwards; if it did not, it never will.
 */
const isPast = ({ tried }: SentToCrm, { at, version }: Stamp): boolean =>
  tried !== null && tried.version !== null && version !== null && version > tried.version && at > tried.at;
