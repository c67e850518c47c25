import { setTimeout as delay } from 'node:timers/promises';
import type { SandboxRow } from '../../local/nxt/index.ts';
import type { CrmId, Kind, RecordRef } from '../../shared/record/index.ts';
import { refText } from '../../shared/store/index.ts';
import { deliver } from './crm.ts';
import { checkField, type Wrong } from './edit-check.ts';
import { columnsOf, EDITED, textIn } from './edit-fields.ts';
import { ruled } from './edit-rule.ts';
import { realCrm, serveCrm, serveHints, type Served } from './edit-servers.ts';
import { FieldTrace } from './edit-trace.ts';
import { readEndState, type EndState } from './end-state.ts';
import { injectFaults } from './fault-injection.ts';
import type { MemoryCrm } from './memory-crm.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { startSite, WEBHOOK_SECRET, type Site } from './site.ts';
import { STEP_KINDS } from './step-kinds.ts';

export interface EditCampaignOptions {
  readonly seed: number;
  readonly edits: number;
  readonly hosts: number;
  readonly kills: number;
}

export interface EditCampaignResult {
  readonly site: Site;
  readonly wrong: readonly string[];
  readonly counts: Readonly<Record<'edits' | 'toErp' | 'toCrm' | 'asked' | 'unheard' | 'deaths', number>>;
  /** From the last fault until everything was in sync, or until patience ended. */
  readonly seconds: number;
}

const HINT_KEY = 'key-of-the-portal';
/** Largest of the times in SHORT_SETTINGS, and the two minutes of the contract. */
const PATIENCE_MS = (8 + 120) * 1000;
const DOES = ['crm', 'crm', 'crm', 'erp', 'erp', 'erp', 'both', 'clear', 'empty', 'spell'] as const;

/** People edit fields in both systems while hosts are killed and answers of both are lost; then the rule is held against it. */
export async function runEditCampaign(
  { seed, edits, hosts, kills }: EditCampaignOptions,
  say: (text: string) => void,
): Promise<EditCampaignResult> {
  const random = seededRandom(seed + 2);
  const hasVersions = seed % 2 === 0;
  const crm = realCrm(random, hasVersions);
  const served = await serveCrm(crm);
  const site = await startSite({
    name: `edits-${seed}`,
    hosts,
    seed,
    crmFails: () => false,
    latencyMs: [5, 80],
    settings: {
      ERP_TO_CRM: 'write',
      NXT_POLL_MINUTES: '0.1',
      NXT_WEBHOOK_KEY: HINT_KEY,
      CRM_API_URL: served.url,
      CRM_WRITES_PER_HOUR: '1000000',
    },
  });
  const origins = (): readonly string[] => site.hosts.flatMap(({ origin }) => (origin === null ? [] : [origin]));
  const hints = await serveHints(random, origins);
  site.erp.sendTableChanges({ url: hints.url, key: HINT_KEY });
  say(`hosts are up; the CRM has ${hasVersions ? '' : 'no '}versions; logs in ${site.folder}`);
  const editing = new Editing({ site, crm, random, origins, hasVersions }, Math.max(2, Math.round(edits / 25)));
  await editing.begin();
  say('all records are there; people begin to edit');
  await editing.edit(edits, kills, say);
  say('all edited; waiting until everything is in sync');
  const result = await editing.end();
  await Promise.all([hints, served].map((server: Served) => server.stop()));
  return { ...result, site };
}

interface EditCampaign {
  readonly site: Site;
  readonly crm: MemoryCrm;
  readonly random: SeededRandom;
  /** Addresses of the hosts that are up. */
  readonly origins: () => readonly string[];
  readonly hasVersions: boolean;
}

class Editing {
  readonly #site: Site;
  readonly #crm: MemoryCrm;
  readonly #random: SeededRandom;
  readonly #records: readonly RecordRef[];
  readonly #traces = new Map<string, FieldTrace>();
  readonly #rows = new Map<number, SandboxRow>();
  readonly #origins: () => readonly string[];
  readonly #hasVersions: boolean;
  #made = 0;
  #underWay = 0;

  constructor({ site, crm, random, origins, hasVersions }: EditCampaign, pairs: number) {
    this.#hasVersions = hasVersions;
    this.#site = site;
    this.#crm = crm;
    this.#random = random;
    this.#origins = origins;
    this.#records = Array.from({ length: 2 * pairs }, (_, n): RecordRef => {
      const crmId = `${n % 2 === 0 ? 'C' : 'P'}-${n >> 1}` as CrmId;
      return { kind: n % 2 === 0 ? 'customer' : 'contact', crmId };
    });
    for (const ref of this.#records) {
      for (const [name, field] of Object.entries(EDITED[ref.kind])) {
        const trace = new FieldTrace(field, (each) => ruled(each, field.owner).is === 'asked');
        this.#traces.set(`${refText(ref)} ${name}`, trace);
      }
    }
  }

  async begin(): Promise<void> {
    this.#crm.onEvent = (json) => void this.#tell(json);
    for (const { kind, crmId } of this.#records) {
      this.#made += 1;
      const values = Object.entries(EDITED[kind]).map(([name, field]) => [name, field.make(this.#made)] as const);
      const customer = kind === 'contact' ? { relatedCustomerCrmId: crmId.replace('P', 'C') } : {};
      this.#crm.edit(kind, crmId, { ...Object.fromEntries(values), ...customer });
    }
    const began = Date.now();
    for (;;) {
      const end = await this.#read();
      if (end.rows.length === this.#records.length && end.pending.size + end.entries.length === 0) break;
      if (Date.now() - began > PATIENCE_MS) throw new Error('not in sync to begin with');
      await delay(1_000);
    }
    for (const row of this.#site.erp.rows()) this.#rows.set(row.associateNo, row);
    this.#site.erp.watch(({ row, user }) => this.#onRow(row, user));
    this.#crm.onChange = ({ by, kind, crmId, after, fields }) => {
      if (by !== 'program') return;
      for (const name of fields) this.#traces.get(`${kind}|${crmId} ${name}`)?.write('crm', String(after[name]));
    };
  }

  async edit(edits: number, kills: number, say: (text: string) => void): Promise<void> {
    injectFaults(this.#site.erp.faults);
    Object.assign(this.#crm, { lost: 0.1, refused: 0.05 });
    let killed = 0;
    for (let n = 0; n < edits; n += 1) {
      this.#editOnce();
      // Mostly close together, so that edits meet what tells of others.
      await delay(this.#random.chance(0.1) ? this.#random.below(3_000) : this.#random.below(120));
      if (killed < kills && (n + 1) / edits >= (killed + 0.5) / kills) {
        killed += 1;
        const host = this.#random.pick(this.#site.hosts);
        if (killed % 2 === 0) host.kill();
        else host.arm(`${this.#random.pick(STEP_KINDS)}:${this.#random.pick(['before', 'after'])}:1`);
      }
      if ((n + 1) % 200 === 0) say(`${n + 1} of ${edits} edits`);
    }
    this.#site.erp.faults.clear();
    Object.assign(this.#crm, { lost: 0, refused: 0 });
    for (const host of this.#site.hosts) host.arm('');
    while (this.#underWay > 0) await delay(200);
  }

  async end(): Promise<Omit<EditCampaignResult, 'site'>> {
    const began = Date.now();
    let checked = this.#check(await this.#read());
    while (checked.wrong.length > 0 && Date.now() - began < PATIENCE_MS) {
      await delay(4_000);
      checked = this.#check(await this.#read());
    }
    const seconds = Math.round((Date.now() - began) / 1000);
    const traces = [...this.#traces.values()];
    const written = () => traces.reduce((sum, { writes }) => sum + writes.length, 0);
    const before = written();
    // As many polls as may still find something.
    await delay(20_000);
    const wrong = written() === before ? checked.wrong : [...checked.wrong, 'something was still written'];
    const writes = traces.flatMap((trace) => trace.writes);
    return {
      wrong,
      seconds,
      counts: {
        edits: traces.reduce((sum, trace) => sum + trace.edits.length, 0),
        toErp: writes.filter(({ to }) => to === 'erp').length,
        toCrm: writes.filter(({ to }) => to === 'crm').length,
        asked: checked.asked,
        unheard: this.#crm.unheard.size,
        deaths: this.#site.hosts.reduce((sum, { deaths }) => sum + deaths, 0),
      },
    };
  }

  #editOnce(): void {
    const { kind, crmId } = this.#random.pick(this.#records);
    const [name, field] = this.#random.pick(Object.entries(EDITED[kind]));
    const row = this.#rowOf(kind, crmId);
    const trace = this.#traces.get(`${kind}|${crmId} ${name}`);
    if (!row || !trace) return;
    const does = this.#random.pick(DOES);
    const value = field.make((this.#made += 1));
    const held = textIn(field, textsOf(row));
    const inCrm = does === 'clear' && field.mayBeCleared ? '' : value;
    if (does === 'crm' || does === 'both' || inCrm === '') {
      if (this.#crm.held(kind, crmId)[name] !== inCrm) trace.edit((this.#made += 1), 'crm', inCrm);
      this.#crm.edit(kind, crmId, { [name]: inCrm });
    }
    const inErp = does === 'empty' ? '' : value;
    if (does === 'erp' || does === 'both' || (does === 'empty' && held !== '')) {
      trace.edit((this.#made += 1), 'erp', inErp);
      this.#site.erp.edit(row.associateNo, columnsOf(field, inErp));
    }
    if (does === 'spell' && field.spell && held !== '') {
      this.#site.erp.edit(row.associateNo, columnsOf(field, field.spell(held)));
    }
  }

  /** The moment it is stored. What a person enters is noted where it is entered. */
  #onRow(row: SandboxRow, user: string): void {
    const before = this.#rows.get(row.associateNo);
    this.#rows.set(row.associateNo, row);
    const [, kind = '', crmId = ''] = row.externalId.split(':');
    if (user !== this.#site.erp.clientId || !before) return;
    for (const [name, field] of Object.entries(EDITED[kind as Kind])) {
      const [was, is] = [before, row].map((each) => textIn(field, textsOf(each)));
      if (was !== is) this.#traces.get(`${kind}|${crmId} ${name}`)?.write('erp', is ?? '');
    }
  }

  async #tell(json: object): Promise<void> {
    this.#underWay += 1;
    const options = { secret: WEBHOOK_SECRET, random: this.#random, origins: this.#origins };
    await delay(this.#random.chance(0.2) ? this.#random.below(4_000) : this.#random.below(200));
    await deliver([{ json }], options);
    if (this.#random.chance(0.2)) await deliver([{ json }], options);
    this.#underWay -= 1;
  }

  #rowOf(kind: Kind, crmId: string): SandboxRow | undefined {
    return this.#site.erp.rows().find(({ externalId }) => externalId === `crm:${kind}:${crmId}`);
  }

  #read(): Promise<EndState> {
    const { observer, azurite, erp, crm } = this.#site;
    return readEndState(observer.ledger, azurite.connectionString, erp.rows(), crm.numbers);
  }

  #check(end: EndState): { readonly wrong: readonly string[]; readonly asked: number } {
    const wrong: string[] = [];
    let asked = 0;
    for (const ref of this.#records) {
      const record = refText(ref);
      const state = end.states.get(record);
      const row = this.#rowOf(ref.kind, ref.crmId);
      const open = state?.wayBack.open ?? {};
      const pending = end.pending.get(record);
      const failed = end.failed.get(record);
      if (failed) wrong.push(`${record}: listed as ${failed.code}`);
      if (pending && pending.failure !== 'field.conflict') wrong.push(`${record}: pending, ${pending.failure}`);
      if (!row) wrong.push(`${record}: no row`);
      const held = this.#crm.held(ref.kind, ref.crmId);
      for (const [name, field] of Object.entries(EDITED[ref.kind])) {
        const trace = this.#traces.get(`${record} ${name}`);
        if (!trace || !row) continue;
        const listed = open[name]?.is ?? null;
        if (listed === 'conflict') asked += 1;
        const erp = textIn(field, textsOf(row));
        const found: readonly (readonly [Wrong, string])[] = checkField({
          trace,
          end: { crm: String(held[name] ?? ''), erp, listed },
          owner: field.owner,
          isUnheard: true,
          hasVersions: this.#hasVersions,
        });
        wrong.push(
          ...found.map(([is, what]) => `${is}: ${record} ${name} (${field.owner}): ${what}; ${trace.story.join(', ')}`),
        );
      }
    }
    for (const { ref, what } of end.entries) wrong.push(`${refText(ref)}: ${what} is still owed`);
    return { wrong, asked };
  }
}

const textsOf = (row: SandboxRow): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(row).map(([column, value]) => [column, String(value)]));
