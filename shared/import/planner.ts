import { compareKeys, toStored, type Change, type ChangeBody, type RecordRef } from '../record/index.ts';
import { Failure } from '../failure.ts';
import { emptyState, refText } from '../store/index.ts';
import {
  choose,
  columnsWritten,
  hashesOf,
  isAppliedAlready,
  parentOf,
  type Choice,
  type KnownState,
  type LinkOfCustomer,
  type Lookups,
  type SyncDeps,
} from '../sync/index.ts';
import { Ahead, NEW_ROW } from './ahead.ts';
import { changesIn, contentOf } from './changes.ts';
import { withContentId } from './identity.ts';
import type { KnownRecords } from './known.ts';
import type { PlannedRow } from './planned-row.ts';
import type { ImportRow, RowProblem } from './read-file.ts';
import type { Snapshot } from './snapshot.ts';

export type PlanDeps = Pick<SyncDeps, 'settings' | 'ledger' | 'erp' | 'hash' | 'now'>;

/** What is said of one row; nothing is said twice. */
type Said = Pick<PlannedRow, 'outcome'> & Partial<Pick<PlannedRow, 'why' | 'fields' | 'candidates' | 'changes'>>;
/** Whether a person accepted the record as a new one, though an ERP row resembles it. */
export type Accepts = (ref: RecordRef) => boolean;
type Upsert = Extract<ChangeBody, { op: 'upsert' }>;

const inColumn = ({ column, code }: RowProblem): string => (column === '' ? code : `${column}: ${code}`);
const isGone = (state: KnownState | undefined): boolean =>
  state !== undefined && (state.deletedAt !== '' || state.mergedInto !== '');
const NOTHING = { why: '', fields: [], candidates: [], warnings: [], changes: [], basis: '' };

/** Decides rows in their order, each as the engine would once those before it are done. */
export class Planner {
  readonly #deps: PlanDeps;
  readonly #known: KnownRecords;
  readonly #lookups: Lookups;
  readonly #ahead: Ahead;
  readonly #snapshot: Snapshot;
  readonly #accepts: Accepts;

  constructor(deps: PlanDeps, known: KnownRecords, snapshot: Snapshot, accepts: Accepts) {
    this.#snapshot = snapshot;
    this.#accepts = accepts;
    this.#deps = deps;
    this.#known = known;
    this.#ahead = new Ahead(deps.settings);
    this.#lookups = {
      find: async (selector) => snapshot.find(selector),
      holderOf: async (no) => this.#ahead.holderOf(no) ?? known.holders.get(no) ?? null,
      hash: deps.hash,
      isGone: async (ref) => isGone(known.byRecord.get(refText(ref))) && this.#ahead.linkOf(ref) === undefined,
    };
  }

  async plan(row: ImportRow): Promise<Omit<PlannedRow, 'file'>> {
    const { line } = row;
    if (!('change' in row)) {
      const why = row.problems.map(inColumn).join(', ');
      return { ...NOTHING, line, kind: row.kind, crmId: null, outcome: 'invalid', why };
    }
    const change = await withContentId(row.change, this.#deps.hash);
    const { kind, crmId } = change.ref;
    const said = this.#overtaken(change) ?? (await this.#upsert(line, change));
    const basis = await this.#basisOf(change, said.candidates ?? []);
    return { ...NOTHING, line, kind, crmId, warnings: row.warnings.map(inColumn), ...said, basis };
  }

  /** The same as long as neither the row of the file nor the ERP rows that it concerns have changed. */
  async #basisOf({ body }: Change, candidates: readonly number[]): Promise<string> {
    const rows = [...candidates].sort((a, b) => a - b).flatMap((associateNo) => this.#snapshot.find({ associateNo }));
    return this.#deps.hash('plan', JSON.stringify([toStored(body), rows.map(contentOf)]));
  }

  /** Whether something at least as new is applied, or waits. */
  #overtaken({ ref, key }: Change): Said | null {
    const state = this.#known.byRecord.get(refText(ref));
    const order = state?.applied ? compareKeys(key, state.applied) : 'newer';
    if (order === 'repeat') return { outcome: 'linked', why: 'by an earlier import of the same row' };
    if (order === 'older') return { outcome: 'superseded' };
    if (order === 'same-key' && state?.appliedSeen.includes(key.eventId)) {
      return { outcome: 'superseded', why: 'by a corrected row of the same time' };
    }
    const waiting = this.#known.waiting.get(refText(ref));
    const isOvertaken = waiting !== undefined && compareKeys(key, waiting.key) === 'older';
    return isOvertaken ? { outcome: 'superseded', why: 'by a newer change that waits' } : null;
  }

  async #upsert(line: number, change: Change): Promise<Said> {
    const { ref, key, body } = change;
    if (body.op !== 'upsert') return { outcome: 'invalid', why: 'only created or updated records can be imported' };
    const earlier = this.#ahead.earlier(ref);
    if (earlier && ['older', 'repeat'].includes(compareKeys(key, earlier.key))) {
      return { outcome: 'superseded', why: `by line ${earlier.line}` };
    }
    this.#ahead.passes(ref, line, key);
    // What it would change rests on what the earlier row will have done; that it comes twice is what a person must see.
    if (earlier) return { outcome: 'would-update', why: `again after line ${earlier.line}` };
    try {
      return await this.#decide(change, body);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { code, details } = error;
      const outcome = code === 'match.possible' ? 'would-create?' : 'refused';
      return { outcome, why: code, candidates: details.candidates ?? [] };
    }
  }

  async #decide(change: Change, body: Upsert): Promise<Said> {
    const { ref } = change;
    const { values } = body;
    const { settings } = this.#deps;
    const state: KnownState = this.#known.byRecord.get(refText(ref)) ?? emptyState(ref);
    const linkOf = (customer: RecordRef) => this.#linkOf(customer);
    const parent = 'companyName' in values ? null : await parentOf(linkOf, values, state);
    if (parent?.kind === 'missing') return { outcome: 'would-wait', why: 'customer.missing' };
    const parentNo = parent?.kind === 'found' ? parent.associateNo : null;
    const hashes = await hashesOf(this.#deps, values);
    if (isAppliedAlready(this.#deps, state, values, hashes, parentNo)) {
      if (state.associateNo !== null) this.#ahead.links(ref, state.associateNo);
      return { outcome: 'linked' };
    }
    const subject = {
      ref,
      values,
      hashes,
      state,
      parentNo,
      parentIsKnown: parent?.kind === 'found' ? parent.isKnown : true,
    };
    const { choice, resembles } = await this.#choose(subject, settings);
    if (choice.kind === 'create') {
      if (parent?.kind === 'nobody') return { outcome: 'ignored', why: 'no customer' };
      if (!this.#ahead.creates(change, body)) return { outcome: 'refused', why: 'match.already-linked' };
      const why = resembles.length > 0 ? 'accepted' : parentNo === NEW_ROW ? 'with its customer' : '';
      const changes = changesIn(choice.values, null);
      return { outcome: 'would-create', why, fields: columnsWritten(choice), candidates: resembles, changes };
    }
    const { row, rule } = choice;
    this.#ahead.links(ref, row.associateNo);
    const fields = columnsWritten(choice);
    const candidates = [row.associateNo];
    const changes = changesIn(choice.values, row);
    if (rule !== 'link') return { outcome: 'would-link', why: rule, fields, candidates, changes };
    return fields.length === 0 ? { outcome: 'linked' } : { outcome: 'would-update', fields, candidates, changes };
  }

  /** What resembles an accepted record is named, and does not hold it back. */
  async #choose(
    subject: Parameters<typeof choose>[2],
    settings: PlanDeps['settings'],
  ): Promise<{ choice: Choice; resembles: readonly number[] }> {
    try {
      const choice = await choose(this.#lookups, settings, subject, { released: false, order: '' });
      return { choice, resembles: [] };
    } catch (error) {
      const isAccepted = error instanceof Failure && error.code === 'match.possible' && this.#accepts(subject.ref);
      if (!isAccepted) throw error;
      const choice = await choose(this.#lookups, settings, subject, { released: false, order: 'create' });
      return { choice, resembles: error.details.candidates ?? [] };
    }
  }

  /** Merges are followed; a circle of them leads nowhere. */
  async #linkOf(named: RecordRef): ReturnType<LinkOfCustomer> {
    let customer = named;
    const { byRecord } = this.#known;
    for (let hops = 0; hops <= byRecord.size; hops += 1) {
      const into = byRecord.get(refText(customer))?.mergedInto ?? '';
      if (into === '') break;
      customer = { kind: 'customer', crmId: into };
    }
    const associateNo = this.#ahead.linkOf(customer) ?? byRecord.get(refText(customer))?.associateNo ?? null;
    return { customer, associateNo };
  }
}
