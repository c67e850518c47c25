import { carried, wantedFields, type ContactValues, type CustomerValues, type Kind } from '../../record/index.ts';
import type { FieldOwners } from '../../field-owner.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { Personal } from '../../privacy/index.ts';
import type { SentField, StateRow, WayBack } from '../../store/index.ts';
import { difference, textsOfRow } from './row-texts.ts';
import { judgeField, type FieldVerdict } from './three-values.ts';

/** One field of a record as it stands between the two systems. Texts are keyed hashes, an empty field is `''`. */
export interface FieldFlow {
  readonly verdict: FieldVerdict;
  readonly crm: string;
  readonly erp: string;
  /** A person lets the difference be. */
  readonly isIgnored: boolean;
}

export type FieldFlows = Readonly<Record<string, FieldFlow>>;

export interface FlowDeps {
  readonly hash: (field: string, text: string) => Promise<string>;
  readonly owners: FieldOwners;
}

/** What is known of a record, as far as its fields are judged by it. */
export type FlowState = Pick<StateRow, 'hashes' | 'wayBack'>;

/** What the CRM says: its newest snapshot, or null where it has said nothing new. */
export type Said = {
  readonly hashes: StateRow['hashes'];
  /** By which a spelling of the ERP's own is recognised, where they are at hand. */
  readonly values?: CustomerValues | ContactValues;
} | null;

/** Which way each field of a linked record flows; the fields the CRM manages, and no others. */
export async function flowsOf(
  deps: FlowDeps,
  kind: Kind,
  { hashes, wayBack }: FlowState,
  said: Said,
  row: AssociateRow,
): Promise<FieldFlows> {
  const fields = Object.keys(FIELDS[kind]).filter((field) => (said?.hashes ?? hashes)[field] !== undefined);
  const held = new Set(said?.values ? heldFields(said.values, row) : []);
  const flows = await Promise.all(
    fields.map(async (field): Promise<[string, FieldFlow]> => {
      const empty = await deps.hash(field, '');
      const plain = (hash: string): string => (hash === empty ? '' : hash);
      const base = baseOf(field, hashes, wayBack, plain);
      const crm = plain((said?.hashes ?? {})[field] ?? crmNow(field, hashes, wayBack) ?? '');
      const inErp = await erpText(deps, kind, field, row, { hashes, wayBack, crm, plain });
      // An empty column says nothing of a number: it may stand in the other.
      const erp = held.has(field) && (crm !== '' || field !== 'phoneNumber') ? crm : inErp.text;
      const owner = deps.owners[field as keyof FieldOwners];
      // A conflict outlives later edits: it ends when both say the same, or a person says what counts.
      const isOpen = wayBack.open[field]?.is === 'conflict' && crm !== erp;
      const byRule = isOpen ? 'conflict' : judgeField({ base, crm, erp }, owner);
      const judged = isOrdered(wayBack.sent[field], erp, said === null ? null : crm) ? 'to-crm' : byRule;
      const ignored = wayBack.ignored[field];
      const isIgnored = ignored !== undefined && ignored.crm === crm && ignored.erp === erp;
      // What an event could not carry never flows to the CRM.
      const isBarred = isIgnored || (judged === 'to-crm' && !inErp.isCarried);
      const verdict = isBarred && (judged === 'to-crm' || judged === 'conflict') ? 'not-allowed' : judged;
      return [field, { verdict, crm, erp, isIgnored }];
    }),
  );
  return Object.fromEntries(flows);
}

/** A person said that the ERP's value counts, whoever owns the field; it holds until the CRM or the ERP has another. */
const isOrdered = (note: SentField | undefined, erp: string, said: string | null): boolean =>
  note?.isReleased === true &&
  note.answeredAt === '' &&
  note.value === erp &&
  said !== erp &&
  (said === null || note.replaced.includes(said));

/** The fields that are compared, of each kind. */
export const FIELDS = {
  customer: { companyName: true, organizationNumber: true, address: true, postalCode: true, city: true },
  contact: { name: true, emailAddress: true, phoneNumber: true },
} as const;

/** What the CRM holds as far as is known: what it took last, said when a person let it be, or had when last in sync. */
function crmNow(field: string, hashes: StateRow['hashes'], { sent, ignored }: WayBack): string | undefined {
  const note = sent[field];
  return note !== undefined && note.answeredAt !== '' ? note.value : (ignored[field]?.crm ?? hashes[field]);
}

function baseOf(
  field: string,
  hashes: StateRow['hashes'],
  { erp, sent }: WayBack,
  plain: (hash: string) => string,
): { readonly crm: string; readonly erp: string } | null {
  const note = sent[field];
  // Both held it when the CRM took it.
  if (note !== undefined && note.answeredAt !== '') return { crm: plain(note.value), erp: plain(note.value) };
  const crm = hashes[field];
  return crm === undefined ? null : { crm: plain(crm), erp: plain(erp[field] ?? crm) };
}

/** Fields in which the row says what the CRM says, by the same comparison as a write. */
function heldFields(values: CustomerValues | ContactValues, row: AssociateRow): readonly string[] {
  return wantedFields(values)
    .filter(({ columns }) => Object.keys(difference(columns, row)).length === 0)
    .map(({ field }) => field);
}

interface Known {
  readonly hashes: StateRow['hashes'];
  readonly wayBack: WayBack;
  readonly crm: string;
  readonly plain: (hash: string) => string;
}

async function erpText(
  deps: FlowDeps,
  kind: Kind,
  field: string,
  row: AssociateRow,
  { hashes, wayBack, crm, plain }: Known,
): Promise<{ readonly text: string; readonly isCarried: boolean }> {
  const base = wayBack.erp[field] ?? hashes[field];
  const found = await hashesIn(deps, kind, field, row);
  const known = [base, hashes[field]].filter((each) => each !== undefined).map(plain);
  // Where the ERP holds several, one that is known is enough; a number in the other column is accounting's.
  const same = found.find(({ hash }) => plain(hash) !== '' && (known.includes(plain(hash)) || plain(hash) === crm));
  if (same !== undefined) {
    const isBase =
      base !== undefined && (plain(same.hash) === plain(base) || plain(same.hash) === plain(hashes[field] ?? ''));
    return { text: isBase && plain(same.hash) !== crm ? plain(base) : plain(same.hash), isCarried: true };
  }
  const column = wayBack.phoneColumn === 'mobilePhone' ? 1 : 0;
  const own = found.find(({ at, isWhole }) => isWhole && at === (field === 'phoneNumber' ? column : 0));
  return { text: plain(own?.hash ?? ''), isCarried: own?.isCarried ?? true };
}

interface Found {
  /** Which of the field's columns. */
  readonly at: number;
  readonly hash: string;
  /** False: one address of several. */
  readonly isWhole: boolean;
  readonly isCarried: boolean;
}

async function hashesIn(
  deps: Pick<FlowDeps, 'hash'>,
  kind: Kind,
  field: string,
  row: AssociateRow,
): Promise<readonly Found[]> {
  const found: Found[] = [];
  for (const [at, text] of textsOfRow(field, row).entries()) {
    const value = carried(kind, field, text);
    const hash = await deps.hash(field, value?.canonical ?? `\0${text}`);
    found.push({ at, hash, isWhole: true, isCarried: value !== null });
    if (field !== 'emailAddress') continue;
    for (const part of text.split(/[;,\s]+/u).filter((each) => each !== '' && each !== text)) {
      const one = carried(kind, field, part);
      if (one) found.push({ at, hash: await deps.hash(field, one.canonical), isWhole: false, isCarried: true });
    }
  }
  return found;
}

/** Where the ERP's text of a field is not what the CRM had, by field: the ERP's side of the base. */
export async function erpBase(
  deps: Pick<FlowDeps, 'hash'>,
  kind: Kind,
  hashes: StateRow['hashes'],
  row: AssociateRow,
): Promise<Readonly<Record<string, string>>> {
  const pairs = await Promise.all(
    Object.keys(FIELDS[kind])
      .filter((field) => hashes[field] !== undefined)
      .map(async (field) => {
        const found = await hashesIn(deps, kind, field, row);
        const isSame = found.some(({ hash }) => hash === hashes[field]);
        const [own] = found;
        return isSame || own === undefined ? [] : [[field, own.hash] as const];
      }),
  );
  return Object.fromEntries(pairs.flat());
}

/** Which of the ERP's columns holds the phone number with this hash; null when neither does. */
export async function columnOf(
  deps: Pick<FlowDeps, 'hash'>,
  hash: string,
  row: AssociateRow,
): Promise<'phone' | 'mobilePhone' | null> {
  const found = await hashesIn(deps, 'contact', 'phoneNumber', row);
  const at = found.find((each) => each.hash === hash)?.at;
  return at === undefined ? null : at === 0 ? 'phone' : 'mobilePhone';
}

/** The value of a field in the ERP's row, as the CRM is told it, where its hash is the given one. */
export async function valueToSend(
  deps: Pick<FlowDeps, 'hash'>,
  kind: Kind,
  field: string,
  row: AssociateRow,
  wanted: string,
): Promise<Personal | null> {
  for (const text of textsOfRow(field, row)) {
    const value = carried(kind, field, text);
    if (value !== null && (await deps.hash(field, value.canonical)) === wanted) return value.text;
  }
  return null;
}
