import { sameCompanyName, type CustomerValues } from '../../record/index.ts';
import { organizationKeyOf } from './agreement.ts';
import { belongsToAnother, isCustomerKind, numbersOf, refuse } from './match-link.ts';
import type { Match, Situation } from './situation.ts';

/** By organisation number, in whatever spelling; of several rows with one number by the name as well. */
export function matchByOrganization(situation: Situation<CustomerValues>): Match {
  const key = situation.values.organizationNumber?.key ?? null;
  if (key === null) return { kind: 'none' };
  const all = situation.rows.filter((row) => isCustomerKind(row) && organizationKeyOf(row) === key);
  const free = all.filter((row) => !belongsToAnother(situation, row));
  if (all.length === 0) return { kind: 'none' };
  if (free.length === 0) {
    // Every one belongs to another CRM record: a chain whose shops are customers of their own, or a double in the CRM.
    return situation.policy.NXT_SAME_ORG_NUMBER === 'create'
      ? { kind: 'none' }
      : refuse('match.already-linked', numbersOf(all));
  }
  const [only] = all;
  if (only && all.length === 1) return { kind: 'row', row: only, rule: 'organization-number' };
  const name = situation.values.companyName.reveal();
  const [named, ...more] = free.filter((row) => sameCompanyName(row.name.reveal(), name));
  return named && more.length === 0
    ? { kind: 'row', row: named, rule: 'organization-number-and-name' }
    : refuse('match.ambiguous', numbersOf(all));
}
