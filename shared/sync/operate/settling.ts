import { Failure } from '../../failure.ts';
import type { RecordRef } from '../../record/index.ts';
import { recordOfText, type Rows } from '../../store/index.ts';
import { FieldChanged, settleField, type FieldChoice, type SettledField } from '../way-back/settle-field.ts';
import type { SyncDeps } from '../deps.ts';
import { readDifferences, type Difference } from './differences.ts';
import { letBe, lineNamed, type LineName } from './let-be.ts';
import { markOf } from './marks.ts';
import type { CrmApi } from '../../crm/index.ts';
import type { Actor } from './actor.ts';
import { takeFromCrm } from './crm-value.ts';
import type { ReconcileKind } from './reconcile.ts';
import { recordText } from './selection.ts';
import { markAnew, takeOff, type SettledDifference } from './settled-differences.ts';
import { SelectionChanged } from './selection-changed.ts';
import { tally } from './tally.ts';

/** Many lines of one kind at once. */
export interface SettleMany {
  readonly kind: ReconcileKind;
  /** Of lines whose fields differ: this one alone. */
  readonly field?: string;
  /** Lines that are none of fields can only be let be. */
  readonly choice: FieldChoice;
  readonly dryRun: boolean;
  /** At most so many; absent = as many as the hour has room for. */
  readonly cap?: number;
  /** When the comparison ended whose list the caller saw; absent = whichever is the last. */
  readonly comparedAt?: string;
}

/** What became of one line, or of one field of it. */
export interface LineSettled extends Pick<Difference, 'kind' | 'record' | 'associateNos'> {
  /** `''` where it is none of fields. */
  readonly field: string;
  readonly result: SettledField | 'would-settle' | Failure['code'];
}

export interface ManySettled {
  readonly results: readonly LineSettled[];
  /** Fitting and not reached: they stay on the list. */
  readonly left: number;
  /** What stood in the way of going on; `hour`: it has had its share of writes; null: the end was reached, or the cap. */
  readonly stoppedBy: Failure['code'] | 'hour' | null;
  /** Writes that people may have made by such acts in an hour, to either system. */
  readonly perHour: number;
  /** When the comparison ended whose lines these are. */
  readonly comparedAt: string;
}

export interface Settle {
  /**
   * What becomes of a field that differs.
   * @param mark of what the person was shown; without it what was listed counts as seen.
   * @throws Failure `settle.changed` where it is not what was seen, or what stands in the way just now
   */
  settleField(ref: RecordRef, field: string, choice: FieldChoice, actor: Actor, mark?: string): Promise<SettledField>;
  /** Any other difference is let be until what was compared changes. @throws Failure `difference.none` */
  letBe(line: LineName, actor: Actor): Promise<void>;
  /** The same for many lines of the last comparison, as many as the hour has room for. @throws SelectionChanged; Failure */
  settleMany(request: SettleMany, actor: Actor, onEach?: () => void): Promise<ManySettled>;
}

interface SettlingDeps {
  readonly sync: SyncDeps;
  readonly crm: Pick<CrmApi, 'readRecord'> | null;
  readonly control: Rows;
}

/** One field of a line, or a whole line. */
interface Item extends Pick<Difference, 'kind' | 'record' | 'associateNos'> {
  readonly field: string;
  readonly line: Difference;
}

interface Seen {
  /** Of what was listed or shown; none: whatever stands there now is meant. */
  readonly marks: readonly string[];
  /** What is listed as open with the record was seen, too. */
  readonly isOpenSeen: boolean;
}

const SETTLED: ReadonlySet<string> = new Set<SettledField>(['sent', 'when-sent', 'ignored']);

/** How people settle what a comparison found: one difference, or many, and never what they have not seen. */
export function createSettling({ sync, crm, control }: SettlingDeps): Settle {
  const { audit } = sync;

  const settleOne = async (ref: RecordRef, field: string, choice: FieldChoice, { marks, isOpenSeen }: Seen) => {
    try {
      const settled = await settleField(sync, {
        ref,
        field,
        choice,
        isSeen: (now, listed) => {
          const seen = [...marks, ...(isOpenSeen && listed ? [markOf(listed.crm, listed.erp)] : [])];
          return seen.length === 0 || seen.includes(markOf(now.crm, now.erp));
        },
      });
      return settled === 'when-sent' && (await takeFromCrm(sync, crm, ref)) ? 'sent' : settled;
    } catch (error) {
      if (error instanceof FieldChanged) {
        await markAnew(control, recordText(ref), field, markOf(error.now.crm, error.now.erp));
      }
      throw error;
    }
  };

  /** Whether the hour has room for one more; to let a difference be is no write. */
  const mayWrite = async (choice: FieldChoice): Promise<boolean> => {
    if ('ignore' in choice) return true;
    return choice.use === 'erp' ? sync.mayWriteToCrm() : sync.maySettle();
  };

  /** The CRM may have no such field, or none that can be written. */
  const canBe = ({ kind, record, field }: Item, choice: FieldChoice): boolean =>
    kind !== 'differs' || 'ignore' in choice || choice.use === 'crm' || sync.canWriteField(refOf(record).kind, field);

  return {
    settleField: async (ref, field, choice, actor, mark) => {
      const selection = `${recordText(ref)} ${field}: ${choiceText(choice)}`;
      return audit.during({ ...actor, action: 'reconcile.settle', selection }, async () => {
        const marks = mark === undefined ? await listedMarks(control, ref, field) : [mark];
        const value = await settleOne(ref, field, choice, { marks, isOpenSeen: mark === undefined });
        // One that a person names passes whatever the hour has had; it counts all the same.
        await mayWrite(choice);
        await takeOff(control, { record: recordText(ref), field });
        return { value, count: 1, results: { [value]: 1 } };
      });
    },

    letBe: async (line, actor) => {
      const selection = `${line.kind} ${line.record === '' ? line.associateNos.join(' ') : line.record}: ignore`;
      await audit.during({ ...actor, action: 'reconcile.settle', selection }, async () => {
        const found = lineNamed(await readDifferences(control), line);
        await letBe(control, found);
        await takeOff(control, { line: found });
        return { value: undefined, count: 1, results: { ignored: 1 } };
      });
    },

    settleMany: async (request, actor, onEach = () => undefined) => {
      const { kind, field, choice, dryRun, cap = Infinity, comparedAt } = request;
      const last = await readDifferences(control);
      if (comparedAt !== undefined && comparedAt !== last?.at) throw new SelectionChanged();
      const items = (last?.lines ?? []).flatMap((line) => itemsOf(line, request));
      const perHour = sync.settings.CRM_WRITES_PER_HOUR;
      const about = { perHour, comparedAt: last?.at ?? '' };
      if (dryRun || items.length === 0) {
        const most = 'ignore' in choice ? cap : Math.min(cap, perHour);
        const can = items.filter((item) => canBe(item, choice)).slice(0, most);
        const cannot = items.filter((item) => !canBe(item, choice));
        const results = [
          ...can.map((item) => ({ ...named(item), result: 'would-settle' as const })),
          ...cannot.map((item) => ({ ...named(item), result: 'settings.invalid' as const })),
        ];
        return { ...about, results, left: items.length - results.length, stoppedBy: null };
      }
      const selection = `every ${kind}${field === undefined ? '' : ` ${field}`}: ${choiceText(choice)}`;
      return audit.during({ ...actor, action: 'reconcile.settle', selection }, async () => {
        const results: LineSettled[] = [];
        const done: SettledDifference[] = [];
        let stoppedBy: ManySettled['stoppedBy'] = null;
        for (const item of items) {
          onEach();
          if (done.length >= cap) break;
          if (canBe(item, choice) && !(await mayWrite(choice))) {
            stoppedBy = 'hour';
            break;
          }
          const result = await settleItem(item, choice);
          if (typeof result !== 'string') {
            stoppedBy = result.code;
            break;
          }
          results.push({ ...named(item), result });
          if (SETTLED.has(result)) done.push(settledOf(item));
        }
        await takeOff(control, ...done);
        const value = { ...about, results, left: items.length - results.length, stoppedBy };
        return { value, count: results.length, results: tally(results.map(({ result }) => result)) };
      });
    },
  };

  /** What became of it; a Failure that every other would meet, too, ends the act. */
  async function settleItem(item: Item, choice: FieldChoice): Promise<LineSettled['result'] | Failure> {
    try {
      if (item.kind !== 'differs') {
        await letBe(control, item.line);
        return 'ignored';
      }
      const ref = refOf(item.record);
      const marks = [item.line.marks[item.field] ?? ''];
      return await settleOne(ref, item.field, choice, { marks, isOpenSeen: false });
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      return error.scope === 'global' && error.code !== 'settings.invalid' ? error : error.code;
    }
  }
}

/** The record of `customer:C-1`. */
const refOf = (record: string): RecordRef => recordOfText(record.replace(':', '|'));

/** As the list is told of it. */
const settledOf = ({ kind, record, field, line }: Item): SettledDifference =>
  kind === 'differs' ? { record, field } : { line };

const named = ({ kind, record, associateNos, field }: Item) => ({ kind, record, associateNos, field });

const choiceText = (choice: FieldChoice): string => ('ignore' in choice ? 'ignore' : choice.use);

function itemsOf(line: Difference, { kind, field, choice }: SettleMany): readonly Item[] {
  if (line.kind !== kind) return [];
  if (kind === 'differs') {
    return line.fields
      .filter((name) => field === undefined || name === field)
      .map((name) => ({ ...line, field: name, line }));
  }
  return 'ignore' in choice ? [{ ...line, field: '', line }] : [];
}

/** What the last comparison listed of a field, and so what a person has seen of it. */
async function listedMarks(control: Rows, ref: RecordRef, field: string): Promise<readonly string[]> {
  const record = recordText(ref);
  const last = await readDifferences(control);
  const line = last?.lines.find((each) => each.kind === 'differs' && each.record === record);
  const mark = line?.fields.includes(field) === true ? line.marks[field] : undefined;
  return mark === undefined ? [] : [mark];
}
