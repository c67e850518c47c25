import { osloTime } from '../../shared/oslo-time.ts';
import { MOST_PLANS, recordText, tally, type Operations, type RecordPlan } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import { EXCEL_MARK, excelLines } from '../excel.ts';
import type { PlannedFlags } from '../flags.ts';
import { actorOf, toSelection } from '../selection.ts';
import { count, jsonLines, table, tallyText } from '../text.ts';

const CSV_HEADER = ['record', 'since', 'plan', 'why', 'ERP rows', 'field', 'column', 'is', 'would be'];

/** What would happen to each planned change, by record; fifty are decided at a time, however many there are. */
export async function listPlanned(
  { context, operations, goesOn }: Session,
  records: readonly string[],
  flags: PlannedFlags,
): Promise<ExitCode> {
  const { out, sheet } = context;
  const actor = actorOf(context, { reason: 'planned list --show-values', ...flags });
  const { olderThan } = flags;
  const acts = await operations();
  const selection = toSelection(records, olderThan === undefined ? {} : { olderThan }) ?? {};
  const { items } = await acts.planned(selection);
  const isForScreen = !flags.json && !flags.csv;
  const chosen = items.slice(0, flags.cap ?? (isForScreen ? MOST_PLANS : items.length)).map(({ ref }) => ref);
  if (flags.csv) sheet(`${EXCEL_MARK}${excelLines([CSV_HEADER])}\r`);
  const counts: string[] = [];
  for (let from = 0; from < chosen.length; from += MOST_PLANS) {
    const refs = chosen.slice(from, from + MOST_PLANS);
    const plans = await (flags.showValues ? acts.plans(refs, actor) : acts.plans(refs));
    goesOn();
    counts.push(...plans.map(({ plan }) => plan));
    if (flags.json)
      jsonLines(
        out,
        plans.map(({ ref, ...said }) => ({ ...ref, ...said })),
      );
    else if (flags.csv) sheet(`${excelLines(plans.flatMap(csvOf))}\r`);
    else out(screen(plans, from === 0));
  }
  const toCrm = (await acts.openFields(selection)).filter(({ code }) => code === 'to-crm');
  if (flags.json) {
    jsonLines(
      out,
      toCrm.map(({ ref, fields, since }) => ({ ...ref, to: 'crm', fields, since })),
    );
  }
  if (isForScreen && toCrm.length > 0) {
    out(
      table(
        ['record', 'to', 'fields', 'since'],
        toCrm.map(({ ref, fields, since }) => [recordText(ref), 'CRM', fields.join(', '), osloTime(since)]),
      ),
    );
  }
  if (isForScreen && items.length + toCrm.length > 0 && items.length === 0) {
    out(count(toCrm.length, 'change'));
  } else if (isForScreen) {
    out(items.length === 0 ? 'Nothing is planned.' : `${count(chosen.length, 'change')}: ${tallyText(tally(counts))}`);
    if (chosen.length < items.length) out(`… and ${items.length - chosen.length} more: --cap, --csv or --json.`);
  }
  return 0;
}

type Plans = Awaited<ReturnType<Operations['plans']>>;

const about = ({ ref, since, plan, why, associateNos }: RecordPlan): readonly string[] => [
  recordText(ref),
  since === '' ? '' : osloTime(since),
  plan,
  why,
  associateNos.join(' '),
];

/** A line for each column that would be written; one where none is. */
function csvOf(planned: RecordPlan): readonly (readonly string[])[] {
  if (planned.changes.length === 0) return [[...about(planned), planned.fields.join(' '), '', '', '']];
  return planned.changes.map(({ field, column, from, to }) => [...about(planned), field, column, from, to]);
}

/** The fields by name, and below each record old → new. */
function screen(plans: Plans, isFirst: boolean): string {
  const lines = plans.flatMap((planned) => [
    [...about(planned), planned.fields.join(', ')],
    ...planned.changes.map(({ column, from, to }) => ['', '', '', '', '', `${column}: ${from || '–'} → ${to || '–'}`]),
  ]);
  const text = table(['record', 'since', 'plan', 'why', 'ERP rows', 'fields'], lines);
  return isFirst ? text : text.slice(text.indexOf('\n') + 1);
}
