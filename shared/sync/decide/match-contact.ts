import { sameName, sharesEmail, type ContactValues } from '../../record/index.ts';
import type { AssociateRow } from '../../erp/index.ts';
import { isSomehowThePerson } from './agreement.ts';
import { belongsToAnother, isPerson, matchByLink, refuse } from './match-link.ts';
import type { LinkRule, Match, Situation } from './situation.ts';

/**
 * Which row is this contact person? Ledger link, external id, actor number; then, among the customer's own contacts,
 * e-mail and name, or the name alone where at most one side has an e-mail. A shared address such as post@firma.no
 * proves nothing. Never a row that is a customer, supplier or employee.
 */
export function matchContact(situation: Situation<ContactValues>): Match {
  const byLink = matchByLink(situation, isPerson);
  if (byLink) return byLink;

  const { rows, values, parentNo, isSettled } = situation;
  if (isSettled) return { kind: 'none' };
  if (values.actorNumber !== undefined) {
    const row = rows.find((each) => each.associateNo === values.actorNumber);
    if (!row) return refuse('link.not-found', [values.actorNumber]);
    if (belongsToAnother(situation, row)) return refuse('match.already-linked', [row.associateNo]);
    const isElsewhere = row.contactFor !== 0 && row.contactFor !== parentNo;
    if (!isPerson(row) || isElsewhere || !isSomehowThePerson(values, row))
      return refuse('match.conflict', [row.associateNo]);
    return { kind: 'row', row, rule: 'actor-number' };
  }

  const named = rows.filter(
    (row) =>
      row.contactFor === parentNo &&
      isPerson(row) &&
      !belongsToAnother(situation, row) &&
      sameName(row.name.reveal(), values.name.reveal()),
  );
  const email = values.emailAddress;
  const hasEmail = email !== undefined && email.reveal() !== '';
  const both = named.filter(
    (row) => hasEmail && row.emailAddress.reveal() !== '' && sharesEmail(row.emailAddress.reveal(), email.reveal()),
  );
  const either = named.filter((row) => !hasEmail || row.emailAddress.reveal().trim() === '');
  return one(both, 'customer-email-name') ?? one(either, 'customer-name') ?? { kind: 'none' };
}

function one(found: readonly AssociateRow[], rule: LinkRule): Match | null {
  const [row, ...more] = found;
  if (!row) return null;
  return more.length > 0
    ? refuse(
        'match.ambiguous',
        found.map((each) => each.associateNo),
      )
    : { kind: 'row', row, rule };
}
