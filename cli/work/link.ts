import { isAssociateNo } from '../../shared/record/index.ts';
import { recordText } from '../../shared/sync/index.ts';
import { UsageError, type ExitCode, type Session } from '../context.ts';
import type { WhoFlags } from '../flags.ts';
import { actorOf, recordOf } from '../selection.ts';

export async function linkRecord(
  { context, operations }: Session,
  name: string,
  number: string,
  flags: WhoFlags & { readonly keepErp?: boolean },
): Promise<ExitCode> {
  const ref = recordOf(name);
  const associateNo = Number(number);
  if (!/^\d+$/.test(number) || !isAssociateNo(associateNo)) {
    throw new UsageError(`error: "${number}" is no actor number; it is a whole number from 1, such as 10042`);
  }
  await (await operations()).link(ref, associateNo, actorOf(context, flags), flags.keepErp ? 'erp' : 'crm');
  context.out(`${recordText(ref)} is actor number ${associateNo} now; what waited for it is tried again.`);
  return 0;
}

export async function unlinkRecord({ context, operations }: Session, name: string, flags: WhoFlags): Promise<ExitCode> {
  const ref = recordOf(name);
  await (await operations()).unlink(ref, actorOf(context, flags));
  context.out(`${recordText(ref)} has no row now; its next change finds one anew.`);
  return 0;
}
