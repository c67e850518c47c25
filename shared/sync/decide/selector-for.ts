import {
  companyNameKey,
  type ContactValues,
  type CustomerValues,
  type OrganizationNumber,
} from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { Selector } from '../../erp/index.ts';
import type { Settings } from '../../settings.ts';
import type { Subject } from './subject.ts';

/**
 * What the ERP is asked for, in one read. A linked record needs its own row, and those that have the organisation
 * number which comes to it; any other every row that it may be, and those that its numbers name.
 */
export function selectorFor(subject: Subject, settings: Settings, externalId: string | null): Selector {
  const { values, link } = subject;
  const associateNo = link?.associateNo ?? values.actorNumber;
  return {
    ...(externalId !== null && { externalId }),
    ...(associateNo !== undefined && { associateNo }),
    ...('companyName' in values ? customerKeys(subject, values, settings) : contactKeys(subject, values)),
  };
}

function customerKeys(subject: Subject, values: CustomerValues, settings: Settings): Selector {
  const { customerNumber, organizationNumber, companyName } = values;
  if (subject.link !== null) return mayWriteNumber(subject, settings) ? organizationKey(organizationNumber) : {};
  return {
    ...(customerNumber !== undefined && { customerNo: customerNumber }),
    ...organizationKey(organizationNumber),
    ...(settings.NXT_SAME_NAME === 'ask' && subject.order === '' && { nameLike: nameAlone(companyName) }),
  };
}

/** Without legal form. Short words may be initials, which the row may have apart (`B & B Bygg`, `BB Bygg`). */
function nameAlone(name: Personal): Personal {
  const words = companyNameKey(name.reveal()).split(' ');
  const apart = words.map((word) => (words.length > 1 && word.length <= 3 ? Array.from(word).join(' ') : word));
  return new Personal(apart.join(' '));
}

/** Before an organisation number is written into a row, it must be known whether another row has it. */
function mayWriteNumber({ hashes, state, order }: Subject, { NXT_ERP_EDITS }: Settings): boolean {
  const isChanged = hashes['organizationNumber'] !== state.hashes['organizationNumber'];
  return order === '' && (isChanged || state.linkIsNew || NXT_ERP_EDITS === 'overwrite');
}

function organizationKey(number: OrganizationNumber | undefined): Selector {
  if (number?.digits) return { organizationDigits: number.digits };
  return number?.key ? { organizationText: number.key } : {};
}

/** A customer's contacts are many: only those that may be the person are read. */
function contactKeys({ link, parentNo }: Subject, { name, emailAddress }: ContactValues): Selector {
  if (link !== null || parentNo === null || parentNo <= 0) return {};
  return { contactLike: { of: parentNo, name, ...(emailAddress && { emailAddress }) } };
}
