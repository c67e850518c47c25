import { Failure } from '../../failure.ts';
import { refText, type Kept, type Order } from '../../store/index.ts';
import type { Settings } from '../../settings.ts';
import { decide } from './decide.ts';
import type { Decision, Situation } from './situation.ts';
import type { Lookups } from './lookups.ts';
import { situationFor } from './situation-for.ts';
import type { KnownState, Subject } from './subject.ts';

/** What can be carried out. */
export type Choice = Extract<Decision, { kind: 'create' | 'link' }>;

/** What a person has said about the record. */
export interface Leave {
  /** A lost or refused link may be made anew. */
  readonly released: boolean;
  readonly order: Order;
  /** Where the ERP's values stay as they are. */
  readonly keepsErp?: Kept;
}

/** The failure of a link whose row is not there any more. */
export const linkGone = ({ associateNo }: KnownState): Failure =>
  new Failure('link.gone', { candidates: associateNo === null ? [] : [associateNo] });

/**
 * What to do about one record, looking again where its link leads nowhere: once more by rule, and if no rule finds a
 * row, a person decides. The attempt and every plan choose by this, so that they cannot differ.
 *
 * @throws Failure what a person has to settle
 */
export async function choose(
  lookups: Lookups,
  settings: Settings,
  given: Omit<Subject, 'link' | 'order'>,
  { released, order, keepsErp = [] }: Leave,
): Promise<Choice> {
  const { state } = given;
  if (state.mergedInto !== '' && order === '') throw new Failure('record.merged');
  const subject = order === '' ? given : withoutNumbers(given, order);
  const linked = await linkOf(lookups, given);
  const look = async (about: typeof subject, link: Situation['link']): Promise<Decision> =>
    decide(await situationFor(lookups, settings, { ...about, link, order, keepsErp }));
  const first = await look(subject, linked);
  switch (first.kind) {
    case 'create':
    case 'link':
      return first;
    case 'refuse': {
      if (!released || linked === null) throw first.failure;
      const again = await look(subject, null);
      if (again.kind === 'link') return again;
      // While the linked row is there, another would be a double.
      // A mere likeness is no better reason than the one there was.
      throw again.kind === 'refuse' && again.failure.code !== 'match.possible' ? again.failure : first.failure;
    }
    case 'gone': {
      const again = await look(withoutGoneNumber(subject), null);
      if (again.kind === 'refuse') throw again.failure;
      // A person said so, or it was this program that deleted the row and did not hear the answer.
      const mayBeMadeAnew = released || order === 'create' || state.intent?.kind === 'delete';
      if (again.kind === 'link' || (again.kind === 'create' && mayBeMadeAnew)) return again;
      throw linkGone(state);
    }
  }
}

/** Where a person has settled which row it is, the numbers that the CRM names do not speak against it. */
function withoutNumbers<About extends Omit<Subject, 'link' | 'order'>>(subject: About, order: Order): About {
  const values = { ...subject.values };
  Reflect.deleteProperty(values, 'actorNumber');
  // A new row may have the number, unless another has it.
  if (order === 'link') Reflect.deleteProperty(values, 'customerNumber');
  return { ...subject, values };
}

/** The CRM knows the number of the row that is gone: it names nothing any more. */
function withoutGoneNumber(subject: Omit<Subject, 'link' | 'order'>): Omit<Subject, 'link' | 'order'> {
  if (subject.values.actorNumber !== subject.state.associateNo) return subject;
  const values = { ...subject.values };
  Reflect.deleteProperty(values, 'actorNumber');
  return { ...subject, values };
}

/** A record that comes back has its row again, unless another has taken it over meanwhile. */
async function linkOf(lookups: Lookups, { ref, state }: Omit<Subject, 'link' | 'order'>): Promise<Situation['link']> {
  const { associateNo, customerNo, deletedAt } = state;
  if (associateNo === null) return null;
  const isLost = deletedAt !== '' && (await lookups.holderOf(associateNo)) !== refText(ref);
  return isLost ? null : { associateNo, customerNo };
}
