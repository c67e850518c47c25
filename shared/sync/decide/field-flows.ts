import {
  wantedFields,
  WRITTEN_FIELDS,
  type ContactValues,
  type CustomerValues,
  type Kind,
} from '../../record/index.ts';
import type { FieldOwners } from '../../field-owner.ts';
import type { AssociateRow } from '../../erp/index.ts';
import type { SentField, StateRow, WayBack } from '../../store/index.ts';
import { afterDoubt, type FlowState } from './in-doubt.ts';
import { hashesIn, ownOf, type HashDeps } from './row-hashes.ts';
import { difference } from './row-texts.ts';
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

export interface FlowDeps extends HashDeps {
  readonly owners: FieldOwners;
}

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
  known: FlowState,
  said: Said,
  row: AssociateRow,
): Promise<FieldFlows> {
  const { hashes, wayBack } = await afterDoubt(deps, kind, known, row);
  const fields = WRITTEN_FIELDS[kind].filter((field) => (said?.hashes ?? hashes)[field] !== undefined);
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
      const owner = deps.owners[field] ?? 'ask';
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

/** What the CRM holds as far as is known: what it said in a conflict, took last, said when a person let it be, or had when last in sync. */
function crmNow(field: string, hashes: StateRow['hashes'], { sent, open, ignored }: WayBack): string | undefined {
  const note = sent[field];
  const listed = open[field];
  if (listed?.is === 'conflict') return listed.crm;
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
  const own = ownOf(found, field, wayBack.phoneColumn);
  return { text: plain(own?.hash ?? ''), isCarried: own?.isCarried ?? true };
}
