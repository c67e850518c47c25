import type { CrmEvent } from '../../../local/crm/index.ts';

const OCCURRED = '2026-01-05T08:00:00.000Z';
const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** The n-th of some valid Norwegian organisation numbers: nine digits that pass mod-11. */
export function organizationNumber(n: number): string {
  let base = 81_000_000 + n * 10;
  for (;;) {
    const digits = String(base);
    const sum = WEIGHTS.reduce((total, weight, at) => total + Number(digits[at]) * weight, 0);
    const check = (11 - (sum % 11)) % 11;
    if (check < 10) return `${digits}${check}`;
    base += 1;
  }
}

/** As people write it in an ERP. */
export function spelled(digits: string, n: number): string {
  const grouped = digits.replaceAll(/(\d{3})(?=\d)/g, '$1 ');
  return [digits, grouped, `NO ${grouped} MVA`, `NO${digits}MVA`][n % 4] ?? digits;
}

export const customerChange = (n: number, version = 1, data: object = {}): CrmEvent => ({
  id: `evt_C-${n}_${version}`,
  type: version === 1 ? 'customer.created' : 'customer.updated',
  occurredAt: OCCURRED,
  version,
  data: {
    crmId: `C-${n}`,
    customerNumber: null,
    actorNumber: null,
    organizationNumber: organizationNumber(n),
    companyName: `Kunde ${n} AS`,
    address: `Storgata ${n}`,
    postalCode: '3262',
    city: 'Larvik',
    ...data,
  },
});

const contactChange = (n: number, which: 'a' | 'b', version = 1): CrmEvent => ({
  id: `evt_P-${n}${which}_${version}`,
  type: version === 1 ? 'contact.created' : 'contact.updated',
  occurredAt: OCCURRED,
  version,
  data: {
    crmId: `P-${n}${which}`,
    relatedCustomerCrmId: `C-${n}`,
    relatedCustomerActorNumber: null,
    actorNumber: null,
    name: `Person ${which.toUpperCase()} ${n}`,
    emailAddress: `${which}${n}@example.no`,
    phoneNumber: `+47 9${String(1_000_000 + n * 2 + (which === 'a' ? 0 : 1))}`,
  },
});

/** New customers with two contacts each; of every third the contacts come first, of every fifth long before. */
export function newCustomers(count: number, version = 1): readonly CrmEvent[] {
  const early: CrmEvent[] = [];
  const rest: CrmEvent[] = [];
  for (let n = 1; n <= count; n += 1) {
    const customer = customerChange(n, version);
    const contacts = [contactChange(n, 'a', version), contactChange(n, 'b', version)];
    if (n % 5 === 0) {
      early.push(...contacts);
      rest.push(customer);
    } else {
      rest.push(...(n % 3 === 0 ? [...contacts, customer] : [customer, ...contacts]));
    }
  }
  return [...early, ...rest];
}
