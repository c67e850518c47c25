import type { RowSeed } from '../../../local/nxt/index.ts';

/*
 * Fictional customers by number: the same number always gives the same record, so that any process can say what the ERP
 * has to hold without being told.
 */

const WEIGHTS = [3, 2, 7, 6, 5, 4, 3, 2];

/** Eight digits with their control digit (mod 11); those that have none are passed over. */
function withControlDigit(eight: number): string | null {
  const digits = String(eight).padStart(8, '0');
  const sum = WEIGHTS.reduce((total, weight, index) => total + weight * Number(digits[index]), 0);
  const control = (11 - (sum % 11)) % 11;
  return control === 10 ? null : `${digits}${control}`;
}

const organizationNumbers: string[] = [];

/** A valid Norwegian organisation number, another one for each `n`. */
export function organizationNumber(n: number): string {
  for (let base = 80_000_000 + organizationNumbers.length; organizationNumbers.length <= n; base += 1) {
    // Spread, so that neighbours do not share their first digits, as in a real register.
    const number = withControlDigit(80_000_000 + ((base * 7919) % 20_000_000));
    if (number !== null && !seen.has(number)) {
      seen.add(number);
      organizationNumbers.push(number);
    }
  }
  return organizationNumbers[n] ?? '';
}
const seen = new Set<string>();

/** How accounting may have written it. */
export function spelled(number: string, n: number): string {
  const spaced = `${number.slice(0, 3)} ${number.slice(3, 6)} ${number.slice(6)}`;
  return [number, spaced, `NO ${spaced} MVA`, `${number}MVA`, `NO${number}`, `${spaced} mva`][n % 6] ?? number;
}

export interface RecordOptions {
  /** Part of the address, so that another version is another content. */
  readonly version?: number;
  /** Rows whose name holds this are refused by a sandbox told so. */
  readonly mark?: string;
}

const nameOf = (n: number, mark = ''): string => `Kunde ${n}${mark} AS`;
export const addressOf = (n: number, version: number): string => `Storgata ${n}, oppgang ${version}`;

/** The fields of one customer as the CRM sends them. */
export const customerData = (n: number, { version = 1, mark = '' }: RecordOptions = {}) => ({
  crmId: `C-${n}`,
  customerNumber: null,
  actorNumber: null,
  organizationNumber: organizationNumber(n),
  companyName: nameOf(n, mark),
  address: addressOf(n, version),
  postalCode: '3270',
  city: 'Larvik',
});

export interface EventOptions extends RecordOptions {
  /** Another event id with the same content and version. */
  readonly id?: string;
  /** The event's version when it differs from the content's. */
  readonly order?: number;
}

export const customerChange = (n: number, options: EventOptions = {}) => {
  const { version = 1, order = version } = options;
  return {
    id: options.id ?? `evt-C-${n}-${order}`,
    type: 'customer.updated',
    occurredAt: '2026-11-01T08:00:00.000Z',
    version: order,
    data: customerData(n, options),
  };
};

/** The row accounting has had for years: another address, the number in some spelling, no external id. */
export const knownRow = (n: number): RowSeed => ({
  customerNo: 1_000_000 + n,
  name: nameOf(n),
  shortName: nameOf(n),
  companyNo: spelled(organizationNumber(n), n),
  addressLine1: `Gamleveien ${n}`,
  postCode: '3260',
  postalArea: 'LARVIK',
});

export const externalIdOf = (n: number): string => `crm:customer:C-${n}`;

export const range = (from: number, to: number): readonly number[] =>
  Array.from({ length: Math.max(0, to - from) }, (_, index) => from + index);
