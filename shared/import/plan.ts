import path from 'node:path';
import {
  canonicalFields,
  compareKeys,
  type AssociateNo,
  type Change,
  type ChangeBody,
  type Kind,
  type OrderKey,
} from '../record/index.ts';
import type { FailureCode } from '../failure.ts';
import { refText } from '../store/index.ts';
import type { Selector } from '../erp/index.ts';
import { decide, externalIdOf, externalIdPrefix, type Situation, type SyncDeps } from '../sync/index.ts';
import { readKnown, type KnownRecords } from './known.ts';
import { withContentId } from './identity.ts';
import { readRows, type ImportFile, type ImportRow, type ReadOptions, type RowProblem } from './read-file.ts';
import { takeSnapshot, type Snapshot } from './snapshot.ts';

/** What would become of one row. No personal values: fields are names of ERP columns. */
export interface PlannedRow {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly line: number;
  readonly kind: Kind;
  readonly crmId: string | null;
  readonly outcome:
    'linked' | 'would-link' | 'would-create' | 'would-update' | 'would-wait' | 'superseded' | 'refused' | 'invalid';
  /** The rule of a link, the code of a refusal, the column and code of an invalid value. */
  readonly why: string;
  readonly fields: readonly string[];
  readonly candidates: readonly number[];
  /** Values that are dropped or taken as plain text, as `column: code`. */
  readonly warnings: readonly string[];
}

export interface Plan {
  readonly rows: readonly PlannedRow[];
  readonly snapshot: Snapshot;
}

export type PlanDeps = Pick<SyncDeps, 'settings' | 'ledger' | 'erp' | 'hash' | 'now'>;
const inColumn = ({ column, code }: RowProblem): string => (column === '' ? code : `${column}: ${code}`);

type Upsert = Extract<ChangeBody, { op: 'upsert' }>;

interface Refused {
  readonly code: FailureCode;
  readonly candidates: readonly number[];
}

/** The customers' rows that a contact may belong to: linked already, or made by this very import. */
type Parents = Map<string, AssociateNo | 'new'>;

/**
 * Decides each row with the engine's own decision, against one bulk read of the ERP; nothing is written, in the ERP or
 * in the ledger. The same files, ledger and ERP give the same plan.
 */
export async function planImport(
  deps: PlanDeps,
  files: readonly ImportFile[],
  options: ReadOptions,
  onProgress: (what: 'erp' | 'rows', count: number) => void = () => undefined,
): Promise<Plan> {
  const known = await readKnown(deps.ledger);
  const snapshot = await takeSnapshot(deps.erp, deps.now, (rows) => onProgress('erp', rows));
  const planner = new Planner(deps, known, snapshot);
  const rows: PlannedRow[] = [];
  for (const file of customersFirst(files)) {
    for await (const row of readRows(file, options, new Date(deps.now()))) {
      rows.push({ file: path.basename(file.path), ...(await planner.plan(row)) });
      onProgress('rows', rows.length);
    }
  }
  return { rows, snapshot };
}

/** A contact goes after its customer. */
export const customersFirst = (files: readonly ImportFile[]): readonly ImportFile[] =>
  [...files].sort((a, b) => Number(a.columns.kind === 'contact') - Number(b.columns.kind === 'contact'));

class Planner {
  readonly #deps: PlanDeps;
  readonly #known: KnownRecords;
  readonly #snapshot: Snapshot;
  readonly #parents: Parents = new Map();
  /** What this import takes itself: rows it links, organisation numbers and customer numbers it creates. */
  readonly #taken = new Map<AssociateNo, string>();
  readonly #created = new Map<string, string>();
  /** The newest row of each record so far. */
  readonly #rows = new Map<string, { readonly line: number; readonly key: OrderKey }>();

  constructor(deps: PlanDeps, known: KnownRecords, snapshot: Snapshot) {
    this.#deps = deps;
    this.#known = known;
    this.#snapshot = snapshot;
  }

  async plan(row: ImportRow): Promise<Omit<PlannedRow, 'file'>> {
    if (!('change' in row)) {
      const { line, kind } = row;
      const why = row.problems.map(inColumn).join(', ');
      return { line, kind, crmId: null, outcome: 'invalid', why, fields: [], candidates: [], warnings: [] };
    }
    const { line } = row;
    const change = await withContentId(row.change, this.#deps.hash);
    const say = (
      outcome: PlannedRow['outcome'],
      why = '',
      fields: readonly string[] = [],
      candidates: readonly number[] = [],
    ): Omit<PlannedRow, 'file'> => ({
      line,
      kind: change.ref.kind,
      crmId: change.ref.crmId,
      outcome,
      why,
      fields,
      candidates,
      warnings: row.warnings.map(inColumn),
    });
    const known = this.#known.byRecord.get(refText(change.ref));
    const order = known?.applied ? compareKeys(change.key, known.applied) : 'newer';
    if (order === 'repeat') return say('linked', 'by an earlier import of the same row');
    if (order === 'older') return say('superseded');
    if (order === 'same-key' && known?.appliedSeen.includes(change.key.eventId)) {
      return say('superseded', 'by a corrected row of the same time');
    }
    const { body } = change;
    if (body.op !== 'upsert') return say('invalid', 'only created or updated records can be imported');
    const earlier = this.#rows.get(refText(change.ref));
    if (earlier && ['older', 'repeat'].includes(compareKeys(change.key, earlier.key))) {
      return say('superseded', `by line ${earlier.line}`);
    }
    this.#rows.set(refText(change.ref), { line, key: change.key });
    // What it would change rests on what the earlier row will have done; that it comes twice is what a person must see.
    if (earlier) return say('would-update', `again after line ${earlier.line}`);

    const parent = this.#parentOf(body);
    if (parent === 'missing') return say('would-wait', 'customer.missing');
    if (parent === 'new') return say('would-create', 'with its customer');
    const wrong = this.#wrongParent(body, parent);
    if (wrong !== null) return say('refused', wrong.code, [], wrong.candidates);
    const decision = decide(await this.#situation(change, body, parent));
    switch (decision.kind) {
      case 'refuse':
        return say('refused', decision.failure.code, [], decision.failure.details.candidates);
      case 'gone':
        return say('refused', 'link.gone');
      case 'create': {
        const double = this.#alreadyCreated(change, body);
        if (double !== null) return say('refused', double);
        this.#parents.set(refText(change.ref), 'new');
        return say('would-create', '', Object.keys(decision.values));
      }
      case 'link': {
        const { row: found, rule } = decision;
        this.#taken.set(found.associateNo, refText(change.ref));
        this.#parents.set(refText(change.ref), found.associateNo);
        const fields = [...Object.keys(decision.values), ...(decision.needsNumber ? ['customerNo'] : [])];
        if (rule !== 'link') return say('would-link', rule, fields, [found.associateNo]);
        return fields.length === 0 ? say('linked') : say('would-update', '', fields, [found.associateNo]);
      }
    }
  }

  #parentOf(body: Upsert): AssociateNo | null | 'new' | 'missing' {
    if (body.kind === 'customer') return null;
    const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = body.values;
    if (crmId === undefined) return number ?? 'missing';
    const customer = refText({ kind: 'customer', crmId });
    return this.#parents.get(customer) ?? this.#known.byRecord.get(customer)?.associateNo ?? 'missing';
  }

  /** What the engine would say about a contact's customer: named twice and not the same, not there, or no customer. */
  #wrongParent(body: Upsert, parent: AssociateNo | null): Refused | null {
    if (body.kind !== 'contact' || parent === null) return null;
    const { relatedCustomerCrmId: crmId, relatedCustomerActorNumber: number } = body.values;
    if (crmId !== undefined) {
      if (number === undefined || number === parent) return null;
      return { code: 'match.conflict', candidates: [parent, number] };
    }
    const [row] = this.#snapshot.find({ associateNo: parent });
    if (row === undefined) return { code: 'link.not-found', candidates: [parent] };
    return row.customerNo === 0 ? { code: 'match.conflict', candidates: [parent] } : null;
  }

  /** Two rows of one file with one organisation number or customer number: the second is refused, as it would be. */
  #alreadyCreated({ ref }: Change, body: Upsert): string | null {
    if (body.kind !== 'customer') return null;
    const { organizationNumber, customerNumber } = body.values;
    const isAsked = this.#deps.settings.NXT_SAME_ORG_NUMBER === 'ask';
    const keys = [
      ...(isAsked && organizationNumber?.digits ? [`org ${organizationNumber.digits}`] : []),
      ...(customerNumber === undefined ? [] : [`customer ${customerNumber}`]),
    ];
    if (keys.some((key) => (this.#created.get(key) ?? refText(ref)) !== refText(ref))) return 'match.already-linked';
    for (const key of keys) this.#created.set(key, refText(ref));
    return null;
  }

  async #situation({ ref }: Change, { values }: Upsert, parentNo: AssociateNo | null): Promise<Situation> {
    const { settings, hash } = this.#deps;
    const known = this.#known.byRecord.get(refText(ref));
    const externalId = externalIdOf(settings, ref);
    const link = known?.associateNo ? { associateNo: known.associateNo, customerNo: known.customerNo } : null;
    const changed = new Set<string>();
    for (const [field, text] of Object.entries(canonicalFields(values))) {
      if (known?.hashes[field] !== (await hash(field, text))) changed.add(field);
    }
    const digits = 'companyName' in values ? (values.organizationNumber?.digits ?? null) : null;
    const customerNo = 'companyName' in values ? values.customerNumber : undefined;
    const associateNo = link?.associateNo ?? values.actorNumber;
    const selector: Selector = {
      ...(externalId !== null && { externalId }),
      ...(associateNo !== undefined && { associateNo }),
      ...(customerNo !== undefined && { customerNo }),
      ...(digits !== null && { organizationDigits: digits }),
      ...(parentNo !== null && { contactsOf: parentNo }),
    };
    return {
      ref,
      values,
      policy: settings,
      externalId,
      externalIdPrefix: externalIdPrefix(settings),
      link,
      linkIsNew: known?.linkIsNew ?? false,
      rows: this.#snapshot.find(selector),
      isTaken: (no) => (this.#taken.get(no) ?? this.#known.holders.get(no) ?? refText(ref)) !== refText(ref),
      isChanged: (field) => changed.has(field),
      parentNo,
      deletionMark: '',
    };
  }
}
