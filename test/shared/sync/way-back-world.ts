import { parseChanges } from '../../../shared/record/index.ts';
import { createEngine } from '../../../shared/engine.ts';
import type { FieldWrite } from '../../../shared/crm/api.ts';
import { Failure } from '../../../shared/failure.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { readSettings } from '../../../shared/settings.ts';
import { acceptChanges, applyChange, takeHints, writeFields } from '../../../shared/sync/index.ts';
import { pollWhenDue } from '../../../shared/sync/way-back/poll.ts';
import { customerEvent } from '../../kit/events.ts';
import { plainErp } from '../../kit/plain-erp.ts';
import { memoryPorts } from '../../kit/ports.ts';
import { customer } from '../../kit/world.ts';

/** The fields that are edited, and their columns. */
export const COLUMNS = { address: 'addressLine1', city: 'postalArea', companyName: 'name' } as const;
export type Field = keyof typeof COLUMNS;
export const FIELDS_EDITED = ['address', 'city', 'companyName'] as const satisfies readonly Field[];

/** What becomes of a request to the CRM. */
export type Answer = 'comes' | 'lost-after' | 'lost-before';

/** The last edit of a field on one side, and all that this side had shown by then: what was edited knowingly. */
interface Edit {
  readonly value: string;
  readonly over: ReadonlySet<string>;
}

const MINUTE_MS = 60_000;
/** Summer time ends: the ERP's server says 03:00, then 02:00 again. */
const CLOCK_GOES_BACK = Date.UTC(2026, 9, 25, 1);
const C = customer('C-1');

/**
 * One customer in both systems, and what was edited where; everything in memory and on a clock of its own. Every edit
 * is a value that was never there before, so that it can be told whose it is; or one of a few, in turn.
 *
 * @param pool how many values there are
 */
export async function wayBackWorld(pool = Infinity) {
  let time = CLOCK_GOES_BACK - 90 * MINUTE_MS;
  let values = 0;
  const textOf = (n: number): string => `Verdi ${pool === Infinity ? n : n % pool}`;
  const erp = plainErp();
  const crm: Record<Field, string> = { address: 'Start a', city: 'Start b', companyName: 'Start c' };
  let version = 1;
  const taken = new Set<string>();
  const shown = { crm: new Set<string>(), erp: new Set<string>() };
  const events: object[] = [];
  const last: { readonly crm: Partial<Record<Field, Edit>>; readonly erp: Partial<Record<Field, Edit>> } = {
    crm: {},
    erp: {},
  };
  /** Writes to the CRM that changed something, and updates of the ERP. */
  const columns: readonly string[] = Object.values(COLUMNS);
  const counts = { crmEdits: 0, erpEdits: 0, crmWrites: 0, lost: 0 };
  let changedAt = '';
  /** What somebody does just before a request arrives. */
  let race: () => void = () => undefined;
  const raceOnce = (): void => {
    const run = race;
    race = () => undefined;
    run();
  };

  const environment = {
    AzureWebJobsStorage: 'UseDevelopmentStorage=true',
    NXT_COMPANY_NO: '1',
    VISMA_CLIENT_ID: 'x',
    VISMA_CLIENT_SECRET: 'x',
    CRM_WEBHOOK_SECRET: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
    CRM_API_URL: 'http://127.0.0.1:9',
    CRM_API_TOKEN: 'x',
    ERP_TO_CRM: 'write',
    NXT_POLL_MINUTES: '15',
  };
  const associates: typeof erp = {
    ...erp,
    update: async (no, changed, beforeSend, expected) => {
      raceOnce();
      const written = await erp.update(no, changed, beforeSend, expected);
      if (written.kind === 'written') for (const field of FIELDS_EDITED) shown.erp.add(erpNow(field));
      return written;
    },
    async *changedSince(since) {
      yield changedAt >= since ? [...erp.rows.values()] : [];
    },
  };
  const engine = createEngine(
    readSettings(environment),
    memoryPorts(environment, {
      now: () => time,
      associates: () => ({ ...associates, facts: async () => ({}), schema: unasked }),
    }),
  );
  const { sync } = engine;

  const rowNow = () => {
    const [row] = erp.rows.values();
    if (!row) throw new Error('no row');
    return row;
  };
  const erpNow = (field: Field): string => rowNow()[COLUMNS[field]].reveal();
  const tell = (): void => {
    const { address, city, companyName } = crm;
    const data = { address, city, companyName };
    events.push(customerEvent('C-1', data, { version, occurredAt: new Date(time).toISOString() }));
  };
  let answers: Answer = 'comes';
  async function patch({ fields, version: known, idempotencyKey }: FieldWrite): Promise<'written' | 'newer'> {
    raceOnce();
    if (answers === 'lost-before') throw new Failure('crm.unavailable');
    const isNew = !taken.has(idempotencyKey);
    if (isNew && known !== version) return 'newer';
    if (isNew) {
      taken.add(idempotencyKey);
      for (const field of FIELDS_EDITED) crm[field] = fields[field]?.reveal() ?? crm[field];
      for (const value of Object.values(fields)) shown.crm.add(value.reveal());
      version += 1;
      counts.crmWrites += Object.keys(fields).length;
      tell();
    }
    if (answers === 'lost-after') {
      counts.lost += 1;
      throw new Failure('crm.unavailable');
    }
    return 'written';
  }
  const write = (answer: Answer = 'comes') => {
    answers = answer;
    return writeFields({ sync, writeBack: { ...engine.writeBack, crm: { writeFields: patch } } }, C);
  };

  const world = {
    counts,
    last,
    crm,
    erpNow,
    state: async () => (await sync.ledger.readState(C))?.row,
    erpWrites: () =>
      erp.writes
        .filter((each) => each.do === 'update')
        .flatMap((each) => each.columns)
        .filter((column) => columns.includes(column)).length,
    pass(ms: number) {
      time += ms;
    },
    crmEdit(field: Field) {
      time += 1;
      values += 1;
      last.crm[field] = { value: textOf(values), over: new Set(shown.crm) };
      crm[field] = textOf(values);
      version += 1;
      counts.crmEdits += 1;
      tell();
      time += 1;
    },
    erpEdit(field: Field) {
      time += 1;
      values += 1;
      const row = rowNow();
      last.erp[field] = { value: textOf(values), over: new Set(shown.erp) };
      erp.rows.set(row.associateNo, { ...row, [COLUMNS[field]]: new Personal(textOf(values)) });
      const offset = time < CLOCK_GOES_BACK ? 2 : 1;
      changedAt = new Date(time + offset * 60 * MINUTE_MS).toISOString().slice(0, 19);
      counts.erpEdits += 1;
      time += 1;
    },
    async hint() {
      await takeHints(sync, [rowNow().associateNo]);
    },
    /** One event of those that are on their way; kept: it comes again. */
    async deliver(which: number, isKept = false) {
      const at = which % Math.max(1, events.length);
      const event = events[at];
      if (event === undefined) return;
      if (!isKept) events.splice(at, 1);
      const parsed = parseChanges([event], new Date(time));
      if (!parsed.ok) throw new Error('a bad event');
      time += 1;
      await acceptChanges(sync, parsed.changes, 'test');
    },
    async apply(meanwhile: () => void = () => undefined) {
      race = meanwhile;
      await applyChange(sync, C);
      race = () => undefined;
    },
    async write(answer: Answer, meanwhile: () => void = () => undefined) {
      race = meanwhile;
      await write(answer);
      race = () => undefined;
    },
    async look() {
      await world.hint();
      await world.apply();
    },
    /** What usually happens soon after an edit. */
    async sync() {
      while (events.length > 0) await world.deliver(0);
      await world.hint();
      await world.apply();
      await world.write('comes');
      time += MINUTE_MS;
    },
    poll: () => pollWhenDue(sync),
    /** Everything arrives, and everything is done. */
    async settle() {
      for (let round = 0; round < 8; round += 1) {
        while (events.length > 0) await world.deliver(0);
        time += 16 * MINUTE_MS;
        await world.poll();
        await world.apply();
        time += MINUTE_MS;
        await world.apply();
        await world.write('comes');
      }
    },
  };
  tell();
  await world.deliver(0);
  await world.apply();
  time += MINUTE_MS;
  return world;
}

const unasked = async (): Promise<never> => {
  throw new Error('nobody asks this ERP for its columns');
};
