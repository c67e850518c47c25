import type { Kind } from '../../shared/record/index.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { organizationNumbers } from './organization-numbers.ts';

/** What the ERP's row shall hold, by the sandbox's column names. */
export type Content = Readonly<Record<string, string>>;

/** One event of a history: what is sent, and what it means. */
export interface HistoryEvent {
  readonly id: string;
  readonly kind: Kind;
  readonly crmId: string;
  /** Greater is newer, within one record. */
  readonly order: number;
  readonly op: 'upsert' | 'delete' | 'merge';
  /** Contacts: the customer it names. Merged: the one that stays. */
  readonly customer: string | null;
  readonly content: Content;
  /** The code it must be refused with, if it must. */
  readonly refused: string | null;
  /** As it is sent. */
  readonly json: object;
}

export interface HistoryOptions {
  readonly seed: number;
  readonly events: number;
}

export interface History {
  /** In the order they happened in the CRM. */
  readonly events: readonly HistoryEvent[];
  /** In the order they are sent: late ones, early ones, repeats. */
  readonly sent: readonly HistoryEvent[];
  /** Pairs of customers with one organisation number. */
  readonly twins: readonly (readonly [string, string])[];
}

/** A row whose name holds this text is refused by the ERP. */
export const REFUSED_NAME = 'AVVIST';
/** Every request that holds this text is answered badly, or not at all; all others are answered. */
export const ODD_NAME = 'UTENFOR';

const DUPLICATES = 0.2;
/** How often an event of a customer that is to be merged is its merge. */
const MERGES = 0.2;
const EVENTS_PER_RECORD = 7;
/** How many places an event may be late, and a repeat. */
const LATE = 40;
const REPEATED_LATE = 300;

/**
 * Creates, updates, deletions, restores, moves, merges, bad values; then repeated and shuffled. Of the customers the first
 * are twins, two with one number; the next are pairs with one number too, of which one is merged into the other.
 */
export function randomHistory({ seed, events: count }: HistoryOptions): History {
  const random = seededRandom(seed);
  const customers = Math.max(8, Math.round((count / EVENTS_PER_RECORD) * 0.4));
  const contacts = Math.max(4, Math.round((count / EVENTS_PER_RECORD) * 0.6));
  const numbers = organizationNumbers(customers);
  const twinPairs = Math.max(1, Math.floor(customers / 40));
  const pairs = Array.from({ length: 2 * twinPairs }, (_, n) => [`C-${2 * n}`, `C-${2 * n + 1}`] as const);
  const start = Date.now() - 3_600_000;
  const isTwin = (index: number): boolean => index < 2 * twinPairs;
  const isPaired = (index: number): boolean => index < 4 * twinPairs;
  const versions = new Map<string, number>();
  const deleted = new Set<string>();
  const merged = new Set<string>();
  const events: HistoryEvent[] = [];

  for (let n = 0; n < count; n += 1) {
    const isCustomer = random.chance(0.4);
    const drawn = random.below(isCustomer ? customers : contacts);
    // What a merged customer would tell is told by the one that stays.
    const index = isCustomer && merged.has(`C-${drawn}`) ? drawn + 1 : drawn;
    const crmId = `${isCustomer ? 'C' : 'P'}-${index}`;
    const kind: Kind = isCustomer ? 'customer' : 'contact';
    const version = (versions.get(crmId) ?? 0) + 1;
    versions.set(crmId, version);
    const isPair = isCustomer && isPaired(index);
    const isDeletion = !isPair && !deleted.has(crmId) && random.chance(0.08);
    if (isDeletion) deleted.add(crmId);
    else deleted.delete(crmId);
    const occurredAt = new Date(start + n).toISOString();
    // Half of the records are ordered by version, the others by time alone.
    const envelope = {
      id: `evt-${crmId}-${version}`,
      type: `${kind}.${isDeletion ? 'deleted' : version === 1 ? 'created' : 'updated'}`,
      occurredAt,
      ...(index % 2 === 0 && { version }),
    };
    const base = { id: envelope.id, kind, crmId, order: n };
    if (isDeletion) {
      events.push({
        ...base,
        op: 'delete',
        customer: null,
        content: {},
        refused: null,
        json: { ...envelope, data: { crmId } },
      });
      continue;
    }
    if (
      isPair &&
      !isTwin(index) &&
      index % 2 === 0 &&
      version > 1 &&
      versions.has(`C-${index + 1}`) &&
      random.chance(MERGES)
    ) {
      merged.add(crmId);
      const into = `C-${index + 1}`;
      const json = { ...envelope, type: 'customer.merged', data: { crmId, mergedIntoCrmId: into } };
      events.push({ ...base, op: 'merge', customer: into, content: {}, refused: null, json });
      continue;
    }
    const values = isCustomer
      ? customerValues(random, crmId, version, numbers[isPair ? index - (index % 2) : index] ?? '', isPair)
      : contactValues(random, crmId, version, `C-${random.chance(0.8) ? index % customers : random.below(customers)}`);
    events.push({ ...base, op: 'upsert', ...values, json: { ...envelope, data: { crmId, ...values.data } } });
  }
  const twins = pairs.filter(([first]) => !merged.has(first));
  return { events, sent: shuffled(repeated(random, events)), twins };
}

interface Values {
  readonly data: object;
  readonly content: Content;
  readonly customer: string | null;
  readonly refused: string | null;
}

/** Mostly a good name; sometimes none, one that is too long, one the ERP refuses. */
function nameOf(random: SeededRandom, text: string, alwaysGood: boolean): { name: string; refused: string | null } {
  const roll = alwaysGood ? 1 : random.next();
  if (roll < 0.008) return { name: '', refused: 'value.missing' };
  if (roll < 0.016) return { name: `${text} ${'x'.repeat(80)}`, refused: 'value.too-long' };
  if (roll < 0.03) return { name: `${text} ${REFUSED_NAME}`, refused: 'erp.row-refused' };
  return { name: text, refused: null };
}

function customerValues(random: SeededRandom, crmId: string, version: number, number: string, isTwin: boolean): Values {
  const { name, refused } = nameOf(random, `Kunde ${crmId} nr ${random.chance(0.5) ? version : 0}`, isTwin);
  const address = random.chance(0.1) ? '' : `Gate ${version}`;
  const postalCode = String(1000 + random.below(9000));
  const city = `By ${random.below(50)}`;
  return {
    data: { companyName: name, organizationNumber: number, address, postalCode, city },
    content: { name, companyNo: number, addressLine1: address, postCode: postalCode, postalArea: city },
    customer: null,
    refused,
  };
}

function contactValues(random: SeededRandom, crmId: string, version: number, customer: string): Values {
  const { name, refused } = nameOf(random, `Person ${crmId} nr ${random.chance(0.5) ? version : 0}`, false);
  const emailAddress = random.chance(0.1) ? '' : `p${version}@example.no`;
  const phoneNumber = random.chance(0.1) ? '' : `+47920${String(10_000 + random.below(89_999))}`;
  return {
    data: { relatedCustomerCrmId: customer, name, emailAddress, phoneNumber },
    content: { name, emailAddress, phone: phoneNumber },
    customer,
    refused,
  };
}

function repeated(
  random: SeededRandom,
  events: readonly HistoryEvent[],
): readonly { event: HistoryEvent; at: number }[] {
  return events.flatMap((event, n) => {
    const first = { event, at: n + random.next() * LATE };
    return random.chance(DUPLICATES) ? [first, { event, at: n + random.next() * REPEATED_LATE }] : [first];
  });
}

const shuffled = (placed: readonly { event: HistoryEvent; at: number }[]): readonly HistoryEvent[] =>
  [...placed].sort((a, b) => a.at - b.at).map(({ event }) => event);
