import fc from 'fast-check';
import type { AssociateNo, CrmId, Kind, RecordRef } from '../../shared/record/index.ts';
import { Personal } from '../../shared/privacy/index.ts';
import { refText, type StateRow } from '../../shared/store/index.ts';
import { checkField, type FieldEnd, type Wrong } from './edit-check.ts';
import { columnsOf, EDITED, textIn, type EditedField, type Owner } from './edit-fields.ts';
import { ruled } from './edit-rule.ts';
import { FieldTrace, type Side } from './edit-trace.ts';
import type { EndState } from './end-state.ts';
import type { ErpChange } from './memory-erp.ts';
import { seededRandom } from './seeded-random.ts';
import { SmallWorld, type Mutant } from './small-world.ts';

/** One thing that a person does. */
export interface EditStep {
  readonly record: number;
  readonly field: number;
  readonly does: 'crm' | 'erp' | 'both' | 'clear' | 'empty' | 'spell' | 'elsewhere' | 'delete-row';
  /** Seconds after the one before. */
  readonly after: number;
  /** Milliseconds until what tells of it arrives; what repeats it comes as late again. */
  readonly late: number;
  readonly isRepeated: boolean;
  /** Nothing tells of it: the poll has to find it. */
  readonly isUnheard: boolean;
}

export interface EditRun {
  readonly seed: number;
  readonly steps: readonly EditStep[];
  /** Who owns every field; null: as the program has it. */
  readonly owner: Owner | null;
  readonly hasVersions: boolean;
  /** The CRM's records can be read. */
  readonly isReadable: boolean;
  /** The night when summer time ends. */
  readonly isAutumn: boolean;
  readonly kills: readonly number[];
  readonly lost: number;
  readonly refused: number;
}

const step: fc.Arbitrary<EditStep> = fc.record({
  record: fc.nat(3),
  // Few fields, so that edits meet.
  field: fc.constantFrom(0, 0, 1, 2, 3, 4),
  does: fc.constantFrom('crm', 'crm', 'crm', 'erp', 'erp', 'erp', 'both', 'clear', 'empty', 'spell', 'elsewhere'),
  after: fc.oneof(fc.nat(3), fc.nat(60), fc.nat(1_200)),
  late: fc.oneof(fc.constant(0), fc.nat(5_000), fc.nat(60_000)),
  isRepeated: fc.nat(4).map((n) => n === 0),
  isUnheard: fc.nat(3).map((n) => n === 0),
});

export const editRun: fc.Arbitrary<EditRun> = fc.record({
  seed: fc.nat(1_000_000),
  steps: fc.array(step, { minLength: 1, maxLength: 14 }),
  owner: fc.constantFrom(null, null, 'both', 'both', 'crm', 'erp', 'ask'),
  hasVersions: fc.boolean(),
  isReadable: fc.boolean(),
  isAutumn: fc.boolean(),
  kills: fc.array(fc.nat(150), { maxLength: 5 }),
  lost: fc.constantFrom(0, 0.1, 0.4),
  refused: fc.constantFrom(0, 0.1),
});

/** Nothing is lost and nobody dies: what is wrong then is the rule itself. */
export const calmEditRun: fc.Arbitrary<EditRun> = editRun.map((run) => ({ ...run, kills: [], lost: 0, refused: 0 }));

/** Edits of one field that meet again and again, and many lost answers. */
export const busyEditRun: fc.Arbitrary<EditRun> = fc
  .tuple(editRun, fc.array(step, { minLength: 12, maxLength: 20 }))
  .map(([run, steps]) => ({
    ...run,
    owner: 'both',
    hasVersions: true,
    lost: 0.4,
    steps: steps.map((each, n) => ({ ...each, record: 0, field: 2, after: n % 4 === 0 ? 90 : each.after % 8 })),
  }));

export interface EditsPlayed {
  readonly wrong: readonly (readonly [Wrong | 'failed' | 'outbox' | 'restless', string])[];
  readonly counts: { readonly edits: number; readonly toErp: number; readonly toCrm: number; readonly asked: number };
  readonly world: SmallWorld;
}

const RECORDS: readonly RecordRef[] = [
  { kind: 'customer', crmId: 'C-0' as CrmId },
  { kind: 'contact', crmId: 'P-0' as CrmId },
  { kind: 'customer', crmId: 'C-1' as CrmId },
  { kind: 'contact', crmId: 'P-1' as CrmId },
];
const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** Local time goes from 03:00 back to 02:00. */
const AUTUMN = Date.UTC(2026, 9, 25, 1);
/** Another day, in winter. */
const WINTER = Date.UTC(2026, 10, 21, 8);

/** Plays a run to its end, and holds every field against the rule. */
export async function playEdits(run: EditRun, mutant?: Mutant): Promise<EditsPlayed> {
  const random = seededRandom(run.seed);
  const owners = run.owner === null ? {} : { FIELD_OWNER: ownersOf(run.owner) };
  const world = new SmallWorld({
    random,
    engines: 3,
    crm: { hasVersions: run.hasVersions },
    startAt: run.isAutumn ? AUTUMN - 70 * MINUTE_MS : WINTER,
    settings: { ERP_TO_CRM: 'write', NXT_ON_CUSTOMER_DELETED: 'keep', ...owners },
    ...(mutant && { mutant }),
  });
  world.crm.isReadable = run.isReadable;
  world.erp.aheadOfUtc = (now) => (now < AUTUMN ? 2 : 1) * HOUR_MS;
  const site = new Editing(run, world, random);
  await site.begin();
  await site.edit();
  return site.end();
}

const ownersOf = (owner: Owner): string =>
  JSON.stringify(
    Object.fromEntries(Object.values(EDITED).flatMap((of) => Object.keys(of).map((name) => [name, owner]))),
  );

class Editing {
  readonly #run: EditRun;
  readonly #world: SmallWorld;
  readonly #random: ReturnType<typeof seededRandom>;
  readonly #traces = new Map<string, FieldTrace>();
  readonly #deleted = new Set<string>();
  /** How what tells of changes arrives just now. */
  #news: Pick<EditStep, 'late' | 'isRepeated' | 'isUnheard'> = { late: 0, isRepeated: false, isUnheard: false };
  #underWay = 0;
  #made = 0;

  constructor(run: EditRun, world: SmallWorld, random: ReturnType<typeof seededRandom>) {
    this.#run = run;
    this.#world = world;
    this.#random = random;
    for (const { kind, crmId } of RECORDS) {
      for (const [name, field] of Object.entries(EDITED[kind])) {
        const owner = run.owner ?? field.owner;
        const trace = new FieldTrace(field, (each) => ruled(each, owner).is === 'asked');
        this.#traces.set(`${kind}|${crmId} ${name}`, trace);
      }
    }
  }

  /** Everything is there and in sync, before anything goes wrong. */
  async begin(): Promise<void> {
    const { crm, time } = this.#world;
    crm.onEvent = (json) => void this.#tell(json);
    for (const [n, { kind, crmId }] of RECORDS.entries()) {
      const values = Object.entries(EDITED[kind]).map(([name, field]) => [name, field.make(n)] as const);
      const customer = kind === 'contact' ? { relatedCustomerCrmId: `C-${n === 1 ? 0 : 1}` } : {};
      crm.edit(kind, crmId, { ...Object.fromEntries(values), ...customer });
    }
    this.#made = RECORDS.length;
    await time.pass(5 * MINUTE_MS);
    if (this.#world.erp.rows.size !== RECORDS.length) throw new Error('not in sync to begin with');
  }

  async edit(): Promise<void> {
    const { erp, crm, time } = this.#world;
    erp.onChange = (change) => this.#onErpChange(change);
    crm.onChange = ({ by, kind, crmId, after, fields }) => {
      if (by === 'program') this.#wrote('crm', { kind, crmId: crmId as CrmId }, fields, (name) => String(after[name]));
    };
    erp.unheard.clear();
    crm.unheard.clear();
    Object.assign(erp, { lost: this.#run.lost, refused: this.#run.refused });
    Object.assign(crm, { lost: this.#run.lost, refused: this.#run.refused });
    this.#world.arm(this.#run.kills);
    for (const each of this.#run.steps) {
      await time.pass(each.after * 1000);
      this.#do(each);
    }
    this.#news = { late: 0, isRepeated: false, isUnheard: false };
    await time.pass(10 * MINUTE_MS);
    this.#world.spare();
    Object.assign(erp, { lost: 0, refused: 0 });
    Object.assign(crm, { lost: 0, refused: 0 });
    await time.pass(HOUR_MS, () => this.#underWay === 0);
  }

  async end(): Promise<EditsPlayed> {
    let wrong: EditsPlayed['wrong'] = [];
    for (let round = 0; round < 8; round += 1) {
      await this.#world.time.pass(5 * MINUTE_MS);
      wrong = this.#check(await this.#world.endState());
      if (wrong.length === 0) break;
    }
    const before = this.#writes();
    await this.#world.time.pass(20 * MINUTE_MS);
    if (this.#writes() !== before) wrong = [...wrong, ['restless', 'something was still written']];
    this.#world.stop();
    const writes = [...this.#traces.values()].flatMap((trace) => trace.writes);
    return {
      wrong,
      counts: {
        edits: [...this.#traces.values()].reduce((sum, { edits }) => sum + edits.length, 0),
        toErp: writes.filter(({ to }) => to === 'erp').length,
        toCrm: writes.filter(({ to }) => to === 'crm').length,
        asked: this.#asked,
      },
      world: this.#world,
    };
  }
  #asked = 0;

  #writes = (): number => [...this.#traces.values()].reduce((sum, { writes }) => sum + writes.length, 0);

  #do({ record, field: drawn, does, ...news }: EditStep): void {
    this.#news = news;
    const ref = RECORDS[record];
    const names = Object.entries(EDITED[ref?.kind ?? 'customer']);
    const [name, field] = names[drawn % names.length] ?? [];
    if (!ref || !name || !field) return;
    const row = this.#rowOf(ref);
    const value = field.make((this.#made += 1));
    const isClearing = does === 'clear' && field.mayBeCleared;
    if (does === 'crm' || does === 'both' || isClearing) this.#inCrm(ref, name, isClearing ? '' : value);
    if (!row) return;
    if (does === 'erp' || does === 'both') this.#inErp(ref, name, row.associateNo, value);
    if (does === 'empty' && textIn(field, textsOf(row)) !== '') this.#inErp(ref, name, row.associateNo, '');
    // Neither is an edit.
    if (does === 'spell' && field.spell) {
      const held = textIn(field, textsOf(row));
      if (held !== '') this.#enter(row.associateNo, columnsOf(field, field.spell(held)));
    }
    if (does === 'elsewhere') this.#enter(row.associateNo, ref.kind === 'contact' ? { mobilePhone: value } : {});
    if (does === 'delete-row') {
      this.#deleted.add(refText(ref));
      this.#world.erp.edit(row.associateNo, 'delete');
    }
  }

  #inCrm({ kind, crmId }: RecordRef, name: string, value: string): void {
    this.#world.note({ edit: 'crm', crmId, name, value });
    // Saved once more as it was: an event, and no edit.
    const isEdit = this.#world.crm.held(kind, crmId)[name] !== value;
    if (isEdit) this.#traces.get(`${kind}|${crmId} ${name}`)?.edit((this.#made += 1), 'crm', value);
    this.#world.crm.edit(kind, crmId, { [name]: value });
  }

  #inErp({ kind, crmId }: RecordRef, name: string, associateNo: number, value: string): void {
    this.#world.note({ edit: 'erp', crmId, name, value });
    const field = EDITED[kind][name];
    if (!field) return;
    this.#traces.get(`${kind}|${crmId} ${name}`)?.edit((this.#made += 1), 'erp', value);
    this.#enter(associateNo, columnsOf(field, value));
  }

  #enter(associateNo: number, columns: Readonly<Record<string, string>>): void {
    const { companyNo, ...rest } = columns;
    const texts = Object.fromEntries(Object.entries(rest).map(([column, text]) => [column, new Personal(text)]));
    this.#world.erp.edit(associateNo, { ...texts, ...(companyNo !== undefined && { companyNo }) });
  }

  #rowOf({ kind, crmId }: RecordRef) {
    return [...this.#world.erp.rows.values()].find(({ externalId }) => externalId === `crm:${kind}:${crmId}`);
  }

  #onErpChange({ by, before, after, columns }: ErpChange): void {
    const row = after ?? before;
    if (!row) return;
    void this.#hint(row.associateNo);
    const [, kind = '', crmId = ''] = row.externalId.split(':');
    if (by !== 'program' || !after) return;
    const ref: RecordRef = { kind: kind as Kind, crmId: crmId as CrmId };
    const fields = Object.entries(EDITED[ref.kind]).filter(([, field]) =>
      field.columns.some((each) => columns.includes(each)),
    );
    const texts = textsOf(after);
    this.#wrote(
      'erp',
      ref,
      fields.map(([name]) => name),
      (name) => textIn(EDITED[ref.kind][name] as EditedField, texts),
    );
  }

  #wrote(to: Side, { kind, crmId }: RecordRef, names: readonly string[], valueOf: (name: string) => string): void {
    for (const name of names) this.#world.note({ written: to, crmId, name, value: valueOf(name) });
    for (const name of names) this.#traces.get(`${kind}|${crmId} ${name}`)?.write(to, valueOf(name));
  }

  /** Visma's webhook: late, twice, or not at all. */
  async #hint(associateNo: AssociateNo): Promise<void> {
    const { late, isRepeated, isUnheard } = this.#news;
    if (isUnheard) return;
    await this.#onItsWay(late, () => this.#world.hint([associateNo]));
    if (isRepeated) await this.#onItsWay(late, () => this.#world.hint([associateNo]));
  }

  /** The CRM's: it is sent until it is taken. */
  async #tell(json: object): Promise<void> {
    const { late, isRepeated } = this.#news;
    await this.#onItsWay(late, () => this.#world.send([{ json }]));
    if (isRepeated) await this.#onItsWay(late, () => this.#world.send([{ json }]));
  }

  async #onItsWay(late: number, work: () => Promise<void>): Promise<void> {
    this.#underWay += 1;
    await this.#world.time.sleep(late + this.#random.below(2_000));
    await work();
    this.#underWay -= 1;
  }

  #check(end: EndState): EditsPlayed['wrong'] {
    const wrong: [EditsPlayed['wrong'][number][0], string][] = [];
    this.#asked = 0;
    for (const ref of RECORDS) {
      const record = refText(ref);
      const state = end.states.get(record);
      const row = this.#rowOf(ref);
      const failed = end.failed.get(record);
      if (this.#deleted.has(record)) {
        if (row) wrong.push(['failed', `${record}: a row was made anew`]);
        continue;
      }
      if (failed) wrong.push(['failed', `${record}: listed as ${failed.code} ${failed.detail}`]);
      const pending = end.pending.get(record);
      const isAsked = Object.values(state?.wayBack.open ?? {}).some(({ is }) => is === 'conflict');
      if (pending && (pending.failure !== 'field.conflict' || !isAsked)) {
        wrong.push(['failed', `${record}: pending as ${pending.status} ${pending.failure}, due ${pending.dueAt}`]);
      }
      if (!row || !state) wrong.push(['failed', `${record}: no row`]);
      else wrong.push(...this.#checkRecord(ref, state, textsOf(row), row.associateNo));
    }
    for (const { ref, what } of end.entries) wrong.push(['outbox', `${refText(ref)}: ${what} is still owed`]);
    return wrong;
  }

  #checkRecord({ kind, crmId }: RecordRef, state: StateRow, row: Readonly<Record<string, string>>, no: number) {
    const held = this.#world.crm.held(kind, crmId);
    const { erp, crm } = this.#world;
    // Where it has versions, the CRM says when it is asked again.
    const isCrmUnheard = crm.unheard.has(`${kind}|${crmId}`) && !this.#run.hasVersions;
    const isUnheard = erp.unheard.has(no) || isCrmUnheard || this.#world.deaths > 0;
    return Object.entries(EDITED[kind]).flatMap(([name, field]) => {
      const trace = this.#traces.get(`${kind}|${crmId} ${name}`);
      if (!trace) return [];
      const listed = state.wayBack.open[name]?.is ?? null;
      const end: FieldEnd = { crm: String(held[name] ?? ''), erp: textIn(field, row), listed };
      if (listed === 'conflict') this.#asked += 1;
      const owner = this.#run.owner ?? field.owner;
      const { hasVersions } = this.#run;
      return checkField({ trace, end, owner, isUnheard, hasVersions }).map(([is, what]): [Wrong, string] => [
        is,
        `${kind}|${crmId} ${name} (${owner}): ${what}`,
      ]);
    });
  }
}

const textsOf = (row: object): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(row).map(([column, value]: [string, unknown]) => [
      column,
      value instanceof Personal ? value.reveal() : String(value),
    ]),
  );
