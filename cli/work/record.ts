import { osloTime } from '../../shared/oslo-time.ts';
import { recordText, type RecordEvent, type RecordLife, type RecordStands } from '../../shared/sync/index.ts';
import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';
import { aboutCode } from '../flow-text.ts';
import { recordOf } from '../selection.ts';
import { json, table } from '../text.ts';

const STANDS: Readonly<Record<RecordStands, string>> = {
  'in-sync': 'In sync.',
  'on-its-way': 'A change is on its way.',
  waiting: 'A change waits.',
  planned: 'A change is planned; SYNC_MODE=plan writes nothing.',
  'needs-a-person': 'Needs a person.',
  deleted: 'Deleted in the CRM, and carried over.',
  unreadable: 'Its row cannot be read by this version of the program; was an older version deployed?',
  'never-seen': 'The CRM never sent it: look at the CRM’s delivery log, or import it.',
};

const EVENTS: Readonly<Record<RecordEvent['what'], string>> = {
  received: 'received from the CRM',
  'waits-for-customer': 'began to wait for its customer',
  tried: 'tried',
  'next-try': 'next try',
  failed: 'needs a person',
  'failed-again': 'failed again',
  replayed: 'replayed by a person',
  written: 'written to the ERP',
  deleted: 'deleted in the CRM',
  'numbers-owed': 'new numbers to be sent to the CRM',
  'write-in-doubt': 'a write whose answer was lost',
};

export async function showRecord(session: Session, name: string, flags: JsonFlags): Promise<ExitCode> {
  const { context, operations, isVerbose } = session;
  const ref = recordOf(name);
  const life = await (await operations()).record(ref);
  if (flags.json) {
    context.out(json({ ...ref, ...life }));
  } else {
    context.out(lines(life).join('\n'));
    if (isVerbose) context.out(JSON.stringify({ pending: life.pending, state: life.state }, null, 2));
  }
  return life.stands === 'never-seen' ? 1 : 0;
}

function lines({ ref, stands, link, failure, pending, timeline, fields, owed, stuckBehindVersion }: RecordLife) {
  return [
    `${recordText(ref)}: ${STANDS[stands]}`,
    ...(link
      ? [
          `ERP row: actor number ${link.associateNo}` +
            (link.customerNo === null ? '' : `, customer number ${link.customerNo}`) +
            (link.parentNo === null ? '' : `, contact of ${link.parentNo}`) +
            (link.createdHere ? ', created by the sync' : ''),
        ]
      : stands === 'never-seen'
        ? []
        : ['ERP row: none yet']),
    ...(failure ? failureLines(failure) : []),
    ...(pending?.expired ? ['Its values were deleted when their time was over: the CRM must send it again.'] : []),
    ...(stuckBehindVersion === null
      ? []
      : [
          `Its version ${stuckBehindVersion} is so high that no later change of the CRM is newer: ` +
            '`unlink` it and have the CRM send it anew with a sound version.',
        ]),
    ...(owed.includes('writeback') ? ['The CRM has not taken its numbers yet.'] : []),
    ...(fields.length > 0 ? [`fields in sync: ${fields.join(', ')}`] : []),
    ...(timeline.length > 0
      ? [
          '',
          table(
            ['when', 'what', ''],
            timeline.map(({ at, what, detail }) => [osloTime(at), EVENTS[what], detail]),
          ),
        ]
      : []),
  ];
}

function failureLines({ code, candidates, pointers, detail, ref }: NonNullable<RecordLife['failure']>) {
  const { meaning, action } = aboutCode(code);
  const [first = 10042] = candidates;
  return [
    `${code}: ${meaning}${detail === '' ? '' : ` (${detail})`}`,
    ...(pointers.length > 0 ? [`  where: ${pointers.join(', ')}`] : []),
    ...(candidates.length > 0 ? [`  ERP rows: ${candidates.join(', ')}`] : []),
    `  fix: ${action}`,
    ...(/^(match\.|create\.uncertain|link\.)/.test(code)
      ? [`  or settle it here: \`link ${recordText(ref)} ${first}\`, or \`failed replay ${recordText(ref)} --create\``]
      : []),
  ];
}
