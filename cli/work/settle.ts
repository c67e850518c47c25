import { isAssociateNo, WRITTEN_FIELDS } from '../../shared/record/index.ts';
import {
  recordText,
  tally,
  type Actor,
  type FieldChoice,
  type LineName,
  type LineSettled,
  type ManySettled,
  type Operations,
} from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { SettleFlags } from '../flags.ts';
import { aboutCode } from '../flow-text.ts';
import { actorOf, recordOf } from '../selection.ts';
import { count, jsonLines, tallyText } from '../text.ts';

const SAID = {
  sent: 'it is on its way.',
  'when-sent': 'the CRM’s value is not known here; it is written when the CRM sends the record again.',
  ignored: 'the difference stays until either value changes.',
} as const;

/** Settles one difference: a field, or a line that is none of fields; with `--all` every one of a kind. */
export async function settleDifference(
  session: Session,
  what: string | undefined,
  flags: SettleFlags,
): Promise<ExitCode> {
  const { context, operations } = session;
  const { field, use, ignore, link, unlink } = flags;
  const ways = [use, ignore, link, unlink].filter((way) => way !== undefined);
  if (ways.length !== 1) {
    throw new UsageError('error: say one of --use crm, --use erp, --ignore <reason>, --link <to> and --unlink');
  }
  if (ignore?.trim() === '') throw new UsageError('error: say why: --ignore "visiting address"');
  const actor = actorOf(context, { ...flags, ...(ignore !== undefined && { reason: ignore }) });
  if ((what === undefined) === (flags.all !== true)) {
    throw new UsageError('error: name one difference (customer:C-1001, or rows of the ERP: 10042,10043), or say --all');
  }
  const ops = await operations();
  if (what === undefined) return settleAll(session, ops, actor, flags);
  if (use !== undefined || field !== undefined) return settleOne(session, ops, actor, what, flags);
  if (link !== undefined) return linkLine(session, ops, actor, what, link);
  if (unlink) {
    const ref = recordOf(what);
    await ops.unlink(ref, actor);
    return say(session, flags, { ...ref, result: 'unlinked' }, `${what}: the link is taken away.`);
  }
  const line = lineOf((await ops.differences())?.lines ?? [], what, flags);
  await ops.letBe(line, actor);
  return say(session, flags, { kind: line.kind, ...named(line), result: 'ignored' }, `${what} ${line.kind}: ${LET_BE}`);
}

const LET_BE = 'it is let be until what was compared changes.';

function say({ context }: Session, { json }: SettleFlags, line: object, text: string): ExitCode {
  if (json) jsonLines(context.out, [line]);
  else context.out(text);
  return 0;
}

const choiceOf = ({ use }: SettleFlags): FieldChoice => (use === undefined ? { ignore: true } : { use });

async function settleOne(
  session: Session,
  ops: Operations,
  actor: Actor,
  what: string,
  flags: SettleFlags,
): Promise<ExitCode> {
  const { field } = flags;
  if (field === undefined) throw new UsageError('error: say which field: --field address');
  const ref = recordOf(what);
  fieldOf(field, WRITTEN_FIELDS[ref.kind]);
  const result = await ops.settleField(ref, field, choiceOf(flags), actor);
  return say(session, flags, { ...ref, field, result }, `${recordText(ref)} ${field}: ${SAID[result]}`);
}

/** @throws UsageError where a name is none of the fields */
function fieldOf(name: string, fields: readonly string[]): void {
  if (fields.includes(name)) return;
  throw new UsageError(`error: "${name}" is no field; --field takes ${[...new Set(fields)].join(', ')}`);
}

/** `customer:C-1001 --link 10042`, or a row that only the ERP has: `10042 --link customer:C-1001`. */
async function linkLine(session: Session, ops: Operations, actor: Actor, what: string, to: string): Promise<ExitCode> {
  const [number, name] = /^\d+$/.test(what) ? [what, to] : [to, what];
  const ref = recordOf(name);
  const associateNo = Number(number);
  if (!isAssociateNo(associateNo)) throw new UsageError(`error: "${number}" is no actor number of the ERP`);
  await ops.link(ref, associateNo, actor);
  session.context.out(`${recordText(ref)} is row ${associateNo} of the ERP; it is tried again by itself.`);
  return 0;
}

/** Which line of the last comparison is meant. @throws UsageError where that is not clear */
function lineOf(lines: readonly LineName[], what: string, { kind }: SettleFlags): LineName {
  const isRows = /^\d+(?:[ ,+]\d+)*$/.test(what);
  const record = isRows ? '' : recordText(recordOf(what));
  const associateNos = isRows ? what.split(/[ ,+]/).map(Number) : [];
  const rows = associateNos.join(' ');
  const fitting = lines.filter(
    (line) =>
      line.kind !== 'differs' &&
      (kind === undefined || line.kind === kind) &&
      (isRows ? line.record === '' && line.associateNos.join(' ') === rows : line.record === record),
  );
  const [line] = fitting;
  if (line && fitting.length === 1) return line;
  if (fitting.length > 1) {
    throw new UsageError(`error: ${what} is listed as ${fitting.map((each) => each.kind).join(', ')}; say --kind`);
  }
  const hint = isRows ? '' : '; of a field say --field';
  throw new UsageError(`error: the last comparison has no ${kind ?? 'such difference'} of ${what}${hint}`);
}

const named = ({ record, associateNos }: Omit<LineName, 'kind'>) => (record === '' ? { associateNos } : { record });

/** Every line of a kind. Without `--yes` it only says what it would do: what is written cannot be taken back. */
async function settleAll(session: Session, ops: Operations, actor: Actor, flags: SettleFlags): Promise<ExitCode> {
  const { field, kind = 'differs', cap, yes } = flags;
  if (flags.link !== undefined || flags.unlink) throw new UsageError('error: links are made and taken one by one');
  if (kind !== 'differs' && (flags.use !== undefined || field !== undefined)) {
    throw new UsageError(`error: lines of the kind ${kind} are none of fields; --ignore <reason> lets them be`);
  }
  if (field !== undefined) fieldOf(field, [...WRITTEN_FIELDS.customer, ...WRITTEN_FIELDS.contact]);
  const dryRun = yes !== true;
  const answer = await ops.settleMany(
    { kind, choice: choiceOf(flags), dryRun, ...(field !== undefined && { field }), ...(cap !== undefined && { cap }) },
    actor,
    session.goesOn,
  );
  report(session, answer, flags);
  if (dryRun && answer.results.length > 0) {
    session.context.err('Nothing was done: add --yes to settle them.');
    return 2;
  }
  return answer.left > 0 || answer.results.some(({ result }) => !(result in SAID)) ? 1 : 0;
}

function report({ context: { out, err } }: Session, answer: ManySettled, { json, use, yes }: SettleFlags): void {
  const { results, left, stoppedBy, perHour } = answer;
  const hours = use === undefined ? '' : ` At most ${perHour} an hour are written (CRM_WRITES_PER_HOUR).`;
  if (json) {
    jsonLines(
      out,
      results.map(({ kind, field, result, ...line }) => ({
        ...{ kind, ...named(line), ...(field !== '' && { field }), result },
      })),
    );
  } else if (results.length === 0 && left === 0) {
    out('Nothing to settle: no line of the last comparison fits.');
  } else if (yes !== true) {
    for (const line of results) out(`${nameOf(line)} ${line.field}`.trim());
    const to = use === undefined ? 'would be let be' : use === 'crm' ? 'would go to the ERP' : 'would go to the CRM';
    out(`${count(results.length, 'difference')} ${to}.${hours}`);
  } else {
    const refused = results.filter(({ result }) => !(result in SAID));
    for (const line of refused) {
      out(`${nameOf(line)} ${line.field}: ${line.result}: ${aboutCode(line.result).meaning}`);
    }
    out(tallyText(tally(results.map(({ result }) => result))));
  }
  if (left > 0) err(leftText(left, stoppedBy, hours));
}

function leftText(left: number, stoppedBy: ManySettled['stoppedBy'], hours: string): string {
  const stays = `${count(left, 'difference')} left, still on the list`;
  if (stoppedBy === null || stoppedBy === 'hour') return `${stays}: run it again.${hours}`;
  return `${stays}: ${stoppedBy}: ${aboutCode(stoppedBy).meaning}`;
}

const nameOf = ({ record, associateNos }: LineSettled): string =>
  record === '' ? `ERP rows ${associateNos.join(',')}` : record;
