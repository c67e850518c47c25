import { organizationNumber } from '../../shared/record/index.ts';
import type { AssociateRow } from '../../shared/erp/index.ts';
import type { EndState } from './end-state.ts';
import type { HistoryEvent } from './history.ts';

const keyOf = ({ companyNo }: { readonly companyNo: string }): string => organizationNumber(companyNo).key ?? '';

/**
 * What must not be once it is quiet, whatever came before: two rows of one organisation number of which accounting had
 * not two, or two rows or records of one another, without a listed failure; a change that is neither applied nor listed.
 */
export function doublesIn(
  events: readonly HistoryEvent[],
  before: readonly AssociateRow[],
  end: EndState,
): readonly string[] {
  const held = Map.groupBy(before, keyOf);
  const twice = [...Map.groupBy(end.rows, keyOf)].flatMap(([number, rows]) => {
    const isAllowed = number === '' || rows.length <= Math.max(1, held.get(number)?.length ?? 0);
    return isAllowed ? [] : [`${number} in rows ${rows.map(({ associateNo }) => associateNo).join(', ')}`];
  });
  const links = [...end.states].filter(([, { associateNo, deletedAt }]) => associateNo !== null && deletedAt === '');
  const shared = [...Map.groupBy(links, ([, { associateNo }]) => associateNo)]
    .filter(([, records]) => records.length > 1)
    .map(([no, records]) => `row ${no} is linked by ${records.map(([record]) => record).join(', ')}`);
  const named = [...Map.groupBy(end.rows, ({ externalId }) => externalId)]
    .filter(([id, rows]) => id !== '' && rows.length > 1)
    .map(([id, rows]) => `${id} in ${rows.length} rows`);
  return [...twice, ...shared, ...named, ...lostIn(events, end)];
}

function lostIn(events: readonly HistoryEvent[], { states, pending, failed }: EndState): readonly string[] {
  return [...Map.groupBy(events, ({ crmId }) => `customer|${crmId}`)].flatMap(([record, history]) => {
    const newest = history.reduce((a, b) => (b.order > a.order ? b : a));
    const key = pending.get(record)?.key ?? states.get(record)?.applied;
    if (key?.eventId !== newest.id) return [`${record}: ${key?.eventId ?? 'nothing'}, not ${newest.id}`];
    const isListed = failed.has(record);
    if (pending.has(record) !== isListed)
      return [`${record} is ${isListed ? 'listed without' : 'pending without being listed'}`];
    return [];
  });
}
