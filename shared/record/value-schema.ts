import * as z from 'zod';
import { Personal } from '../privacy/index.ts';
import { organizationNumber } from './formats/organization-number.ts';
import { cleanLine, MAX_NAME, MAX_TEXT } from './formats/text.ts';
import { bareId, CRM_ID, INT32_MAX, isAssociateNo, isCrmId, isCustomerNo } from './ids.ts';
import type { AssociateNo, CrmId, CustomerNo, OrganizationNumber } from './types.ts';

// The sorts of values: as a CRM sends them, and as a ledger row holds them.
//
// The lengths stand as annotations only: they hold for the normalised value, and a value that is too long concerns
// its own record, not the request.

const MANAGED = 'Absent or null: the CRM does not manage the field. "": clear it.';

export const sentId = (description: string) => z.string().overwrite(bareId).regex(CRM_ID).meta({ description });

export const sentName = z.string().meta({ description: 'Required and not empty.', minLength: 1, maxLength: MAX_NAME });

export const sentLine = (description: string) =>
  z
    .string()
    .meta({ maxLength: MAX_TEXT })
    .nullish()
    .meta({ description: `${description} ${MANAGED}` });

export const sentLines = (description: string) =>
  z
    .string()
    .nullish()
    .meta({ description: `${description} ${MANAGED}` });

export const sentRelation = (description: string) =>
  z
    .union([z.string().overwrite(bareId).regex(CRM_ID), z.string().overwrite(bareId).length(0)])
    .nullish()
    .meta({ description });

/** Without the blanks between thousands and the decimal of nothing that spreadsheets write: `10 001`, `10001,0`. */
const bareNumber = (text: string): string =>
  cleanLine(text)
    .replace(/^(\d+(?: \d{3})*)[.,]0{1,2}$/, '$1')
    .replace(/^\d{1,3}(?: \d{3})+$/, (grouped) => grouped.replaceAll(' ', ''));

/** An integer, or its digits as a string. `0` and `""` count as absent. */
export const sentNumber = (description: string) =>
  z
    .union([
      z.int().min(0).max(INT32_MAX),
      z
        .string()
        .overwrite(bareNumber)
        .regex(/^\d{0,10}$/),
    ])
    .nullish()
    .meta({ description: `${description} Absent, null, 0 or "": not known to the CRM.` });

export const storedPersonal = z.string().transform((text) => new Personal(text));
export const storedId = z.custom<CrmId>((value) => typeof value === 'string' && isCrmId(value));
export const storedAssociateNo = z.custom<AssociateNo>((value) => typeof value === 'number' && isAssociateNo(value));
export const storedCustomerNo = z.custom<CustomerNo>((value) => typeof value === 'number' && isCustomerNo(value));
/** Read anew, so that a row that waited follows today's rules. */
export const storedOrganizationNumber = z
  .object({ text: z.string() })
  .transform(({ text }): OrganizationNumber => organizationNumber(text));
