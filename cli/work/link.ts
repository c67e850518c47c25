import { isAssociateNo, WRITTEN_FIELDS, type RecordRef } from '../../shared/record/index.ts';
import type { Kept } from '../../shared/store/index.ts';
import { recordText } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { LinkFlags, WhoFlags } from '../flags.ts';
import { actorOf, recordOf } from '../selection.ts';

export async function linkRecord(
  { context, operations }: Session,
  name: string,
  number: string,
  flags: LinkFlags,
): Promise<ExitCode> {
  const ref = recordOf(name);
  const associateNo = Number(number);
  if (!/^\d+$/.test(number) || !isAssociateNo(associateNo)) {
    throw new UsageError(`error: "${number}" is no actor number; it is a whole number from 1, such as 10042`);
  }
  const kept = keptOf(ref, flags.keepErp);
  await (await operations()).link(ref, associateNo, actorOf(context, flags), kept);
  context.out(`${recordText(ref)} is actor number ${associateNo} now; what waited for it is tried again.`);
  return 0;
}

/** @throws UsageError for a name that is no field of such a record */
function keptOf({ kind }: RecordRef, given: LinkFlags['keepErp']): Kept {
  if (given === undefined) return [];
  if (given === true) return 'all';
  const names = given.split(',').map((name) => name.trim());
  const known = WRITTEN_FIELDS[kind];
  if (!names.every((name) => known.includes(name))) {
    throw new UsageError(`error: --keep-erp takes fields of a ${kind}, with commas between them: ${known.join(',')}`);
  }
  return names;
}

export async function unlinkRecord({ context, operations }: Session, name: string, flags: WhoFlags): Promise<ExitCode> {
  const ref = recordOf(name);
  await (await operations()).unlink(ref, actorOf(context, flags));
  context.out(`${recordText(ref)} has no row now; its next change finds one anew.`);
  return 0;
}
