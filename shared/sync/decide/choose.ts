import { Failure } from '../../failure.ts';
import type { Settings } from '../../settings.ts';
import { decide } from './decide.ts';
import type { Decision, Situation } from './situation.ts';
import type { Lookups } from './lookups.ts';
import { situationFor, type KnownState, type Subject } from './situation-for.ts';

/** What can be carried out. */
export type Choice = Extract<Decision, { kind: 'create' | 'link' }>;

/** A person let a lost or refused link be made anew. */
export interface Leave {
  readonly released: boolean;
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
  subject: Omit<Subject, 'link'>,
  { released }: Leave,
): Promise<Choice> {
  const { state } = subject;
  const linked = linkOf(state);
  const first = decide(await situationFor(lookups, settings, { ...subject, link: linked }));
  switch (first.kind) {
    case 'create':
    case 'link':
      return first;
    case 'refuse': {
      if (!released || linked === null) throw first.failure;
      const again = decide(await situationFor(lookups, settings, { ...subject, link: null }));
      if (again.kind === 'link') return again;
      // While the linked row is there, another would be a double.
      throw again.kind === 'refuse' ? again.failure : first.failure;
    }
    case 'gone': {
      const unlinked = { ...withoutGoneNumber(subject), link: null };
      const again = decide(await situationFor(lookups, settings, unlinked));
      if (again.kind === 'refuse') throw again.failure;
      // A person said so, or it was this program that deleted the row and did not hear the answer.
      const mayBeMadeAnew = released || state.intent?.kind === 'delete';
      if (again.kind === 'link' || (again.kind === 'create' && mayBeMadeAnew)) return again;
      throw linkGone(state);
    }
  }
}

/** The CRM knows the number of the row that is gone: it names nothing any more. */
function withoutGoneNumber(subject: Omit<Subject, 'link'>): Omit<Subject, 'link'> {
  if (subject.values.actorNumber !== subject.state.associateNo) return subject;
  const values = { ...subject.values };
  Reflect.deleteProperty(values, 'actorNumber');
  return { ...subject, values };
}

const linkOf = ({ associateNo, customerNo }: KnownState): Situation['link'] =>
  associateNo === null ? null : { associateNo, customerNo };
