import type { Kind } from '../../record/index.ts';
import type { PropertyGate } from '../gate.ts';
import { splitName } from '../split-name.ts';
import { MODIFIED, type CrmObject, type PropertyNames } from './objects.ts';

// Which properties the fields of the event are read from, and written to.

type Properties = Readonly<Record<string, string | null | undefined>>;

/** A field of the event as HubSpot has it: one description, for reading and for writing. */
interface ObjectField {
  /** What it is read from. */
  readonly from: readonly string[];
  readonly read: (properties: Properties) => string;
  /** The properties of which `read` makes the text; null where the text cannot be told apart. */
  readonly write: (text: string, properties: Properties) => Readonly<Record<string, string>> | null;
}

/** A property without a value is empty, not unmanaged: HubSpot is where it is kept. */
const text = (value: string | null | undefined): string => value ?? '';

const joined = (values: readonly (string | null | undefined)[], separator: string): string =>
  values
    .map((value) => text(value).trim())
    .filter((value) => value !== '')
    .join(separator);

const single = (name: string): ObjectField => ({
  from: [name],
  read: (properties) => text(properties[name]),
  write: (value) => ({ [name]: value }),
});

/** One line each; HubSpot has no third. */
const address: ObjectField = {
  from: ['address', 'address2'],
  read: (properties) => joined([properties['address'], properties['address2']], '\n'),
  write(value) {
    const [first = '', second = '', ...more] = value.split('\n');
    return more.length === 0 ? { address: first, address2: second } : null;
  },
};

/** A contact without a name goes by its e-mail address, as in HubSpot's own lists. */
const name: ObjectField = {
  from: ['firstname', 'lastname', 'email'],
  read: (properties) => joined([properties['firstname'], properties['lastname']], ' ') || text(properties['email']),
  write(value, properties) {
    const parts = splitName(value, [text(properties['firstname']), text(properties['lastname'])]);
    return parts && { firstname: parts[0] ?? '', lastname: parts[1] ?? '' };
  },
};

const isBlank = (value: string | null | undefined): boolean => text(value).trim() === '';

const phone: ObjectField = {
  from: ['phone', 'mobilephone'],
  read: ({ phone: office, mobilephone }) => (isBlank(office) ? text(mobilephone) : text(office)),
  write: (value, { phone: office, mobilephone }) =>
    isBlank(office) && !isBlank(mobilephone) ? { mobilephone: value } : { phone: value },
};

const fieldsOf = (kind: Kind, { HUBSPOT_ORGANIZATION_NUMBER: organization }: PropertyNames) =>
  kind === 'customer'
    ? {
        companyName: single('name'),
        ...(organization !== undefined && { organizationNumber: single(organization) }),
        address,
        postalCode: single('zip'),
        city: single('city'),
      }
    : { name, emailAddress: single('email'), phoneNumber: phone };

/** The properties that are read, the gate's included. */
export function propertiesOf(kind: Kind, names: PropertyNames, gate: PropertyGate | null): readonly string[] {
  const { HUBSPOT_CUSTOMER_NUMBER: customer, HUBSPOT_ACTOR_NUMBER: actor } = names;
  const fields = Object.values(fieldsOf(kind, names)).flatMap(({ from }) => from);
  const numbers = kind === 'customer' ? [customer, actor] : [actor];
  return [
    ...new Set([
      ...fields,
      MODIFIED[kind],
      ...numbers,
      ...(kind === 'contact' || gate === null ? [] : [gate.property]),
    ]),
  ];
}

const readFields = (kind: Kind, properties: Properties, names: PropertyNames): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fieldsOf(kind, names)).map(([field, { read }]) => [field, read(properties)]));

export function companyData({ properties }: CrmObject, names: PropertyNames): Readonly<Record<string, unknown>> {
  return {
    organizationNumber: '',
    ...readFields('customer', properties, names),
    customerNumber: numberOf(properties[names.HUBSPOT_CUSTOMER_NUMBER]),
    actorNumber: numberOf(properties[names.HUBSPOT_ACTOR_NUMBER]),
  };
}

/** `company`: null when the contact has none. */
export function contactData(
  { properties }: CrmObject,
  names: PropertyNames,
  company: string | null,
): Readonly<Record<string, unknown>> {
  return {
    ...readFields('contact', properties, names),
    relatedCustomerCrmId: company ?? '',
    actorNumber: numberOf(properties[names.HUBSPOT_ACTOR_NUMBER]),
  };
}

/** Fields → the properties that read as them; else the fields of which no properties do. */
export function propertiesFor(
  kind: Kind,
  fields: Readonly<Record<string, string>>,
  { properties }: CrmObject,
  names: PropertyNames,
): { readonly properties: Readonly<Record<string, string>> } | { readonly unfit: readonly string[] } {
  const known: Readonly<Record<string, ObjectField | undefined>> = fieldsOf(kind, names);
  const written: Record<string, string> = {};
  const unfit: string[] = [];
  for (const [field, value] of Object.entries(fields)) {
    const spec = known[field];
    const some = spec?.write(value, properties) ?? null;
    if (!spec || some === null || spec.read({ ...properties, ...some }) !== value) unfit.push(field);
    else Object.assign(written, some);
  }
  return unfit.length > 0 ? { unfit } : { properties: written };
}

/** A number property comes as a text, `10001` or `10001.0`. */
function numberOf(value: string | null | undefined): string | null {
  const digits = text(value).trim().replace(/\.0+$/, '');
  return digits === '' ? null : digits;
}
