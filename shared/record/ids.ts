import { cleanLine } from './formats/text.ts';
import type { AssociateNo, CrmId, CustomerNo } from './types.ts';

/** What a CRM id looks like. It never holds a `|`, a `/` or a space, so it is safe in row keys and URLs. */
export const CRM_ID = /^[A-Za-z0-9_][A-Za-z0-9._:-]{0,63}$/;

const BRACED_GUID = /^\{([0-9A-F]{8}(?:-?[0-9A-F]{4}){3}-?[0-9A-F]{12})\}$/i;

/** A CRM id without the blanks and the braces (around a GUID) that some exports put around it. */
export function bareId(text: string): string {
  const trimmed = cleanLine(text);
  return BRACED_GUID.exec(trimmed)?.[1] ?? trimmed;
}

/** The ERP's numbers are 32-bit integers. */
export const INT32_MAX = 2_147_483_647;

const isPositiveInt32 = (value: number): boolean => Number.isInteger(value) && value > 0 && value <= INT32_MAX;

export const isCrmId = (text: string): text is CrmId => CRM_ID.test(text);
export const isAssociateNo = (value: number): value is AssociateNo => isPositiveInt32(value);
export const isCustomerNo = (value: number): value is CustomerNo => isPositiveInt32(value);
