import { splitName } from '../split-name.ts';
import type { CompanyEntity, PersonEntity } from './entities.ts';
import { patchFor, readFields, type EntityChange, type EntityField, type Patch } from './entity-patch.ts';

// Which properties the fields of the event are read from, and written to.

const joined = (parts: readonly (string | null | undefined)[], separator: string): string =>
  parts
    .map((part) => (part ?? '').trim())
    .filter((part) => part !== '')
    .join(separator);

const blank = (value: string | null | undefined): boolean => (value ?? '').trim() === '';

const single = <Name extends string>(
  name: Name,
): EntityField<Readonly<Partial<Record<Name, string | null | undefined>>>> => ({
  read: (entity) => entity[name] ?? '',
  write: (value) => [{ path: [name], value }],
});

type WithAddress = Pick<CompanyEntity, 'Address'>;

/** The postal address; the street address where there is none. */
function usedAddress({ Address }: WithAddress): 'Postal' | 'Street' {
  const { Address1, Address2, Address3, Zipcode, City } = Address?.Postal ?? {};
  const isPostal = ![Address1, Address2, Address3, Zipcode, City].every(blank);
  return isPostal || Address?.Street === undefined || Address.Street === null ? 'Postal' : 'Street';
}

const LINES = ['Address1', 'Address2', 'Address3'] as const;

const address: EntityField<WithAddress> = {
  read(company) {
    const place = company.Address?.[usedAddress(company)];
    return joined(
      LINES.map((line) => place?.[line]),
      '\n',
    );
  },
  write(value, company) {
    const lines = value.split('\n');
    const used = usedAddress(company);
    // What is empty and stays so is left alone.
    const changed = LINES.filter((line, at) => (company.Address?.[used]?.[line] ?? '') !== (lines[at] ?? ''));
    return lines.length > LINES.length
      ? null
      : changed.map((line) => ({ path: ['Address', used, line], value: lines[LINES.indexOf(line)] ?? '' }));
  },
};

const inAddress = (name: 'Zipcode' | 'City'): EntityField<WithAddress> => ({
  read: (company) => company.Address?.[usedAddress(company)]?.[name] ?? '',
  write: (value, company) => [{ path: ['Address', usedAddress(company), name], value }],
});

const COMPANY = {
  companyName: single('Name'),
  organizationNumber: single('OrgNr'),
  address,
  postalCode: inAddress('Zipcode'),
  city: inAddress('City'),
};

type List = 'Emails' | 'OfficePhones' | 'MobilePhones';
type WithLists = Pick<PersonEntity, List>;

const firstAt = (entity: WithLists, list: List): number => entity[list]?.findIndex(({ Value }) => Value) ?? -1;

const firstIn = (entity: WithLists, list: List): string => entity[list]?.[firstAt(entity, list)]?.Value ?? '';

const toFirst = (entity: WithLists, list: List, value: string): EntityChange => {
  const at = firstAt(entity, list);
  return at < 0 ? { path: [list, '-'], value: { Value: value } } : { path: [list, String(at), 'Value'], value };
};

const NAMES = ['Firstname', 'MiddleName', 'Lastname'] as const;

/** A person without a name goes by the e-mail address. */
const name: EntityField<Pick<PersonEntity, (typeof NAMES)[number] | List>> = {
  read: (person) =>
    joined(
      NAMES.map((part) => person[part]),
      ' ',
    ) || firstIn(person, 'Emails'),
  write(value, person) {
    const now = NAMES.map((part) => person[part] ?? '');
    const parts = splitName(value, now);
    return (
      parts && NAMES.flatMap((part, at) => (parts[at] === now[at] ? [] : [{ path: [part], value: parts[at] ?? '' }]))
    );
  },
};

const PERSON = {
  name,
  emailAddress: {
    read: (person: WithLists) => firstIn(person, 'Emails'),
    write: (value: string, person: WithLists) => [toFirst(person, 'Emails', value)],
  },
  phoneNumber: {
    read: (person: WithLists) => firstIn(person, 'OfficePhones') || firstIn(person, 'MobilePhones'),
    write: (value: string, person: WithLists) => {
      const isMobile = firstAt(person, 'OfficePhones') < 0 && firstAt(person, 'MobilePhones') >= 0;
      return [toFirst(person, isMobile ? 'MobilePhones' : 'OfficePhones', value)];
    },
  },
};

export function companyData(company: CompanyEntity): Readonly<Record<string, unknown>> {
  return readFields(COMPANY, company);
}

export function personData(person: PersonEntity): Readonly<Record<string, unknown>> {
  const company = person.Contact?.ContactId ?? 0;
  return { ...readFields(PERSON, person), relatedCustomerCrmId: company === 0 ? '' : String(company) };
}

type Texts = Readonly<Record<string, string>>;

/** Fields → the operations after which the company reads as them. */
export const companyPatch = (texts: Texts, company: CompanyEntity): Patch => patchFor(COMPANY, texts, company);

/** The same for a person. */
export const personPatch = (texts: Texts, person: PersonEntity): Patch => patchFor(PERSON, texts, person);
