import type { EndState, ErpRow } from './end-state.ts';
import type { HistoryEvent } from './history.ts';
import { isOpen, type StateRow } from '../../shared/store/index.ts';

export interface Violation {
  readonly is: 'lost' | 'doubled' | 'stale' | 'failed' | 'poison' | 'write-back' | 'outbox';
  /** `customer|C-1`. */
  readonly record: string;
  readonly what: string;
}

export interface Expectation {
  readonly events: readonly HistoryEvent[];
  readonly twins: readonly (readonly [string, string])[];
  /** The text that marks deleted customers; empty: they are kept as they are. */
  readonly deletionMark: string;
}

const recordOf = ({ kind, crmId }: HistoryEvent): string => `${kind}|${crmId}`;

/** Compares what is there with the newest state of each record. Empty when every invariant holds. */
export function check({ events, twins, deletionMark }: Expectation, end: EndState): readonly Violation[] {
  const rowsOf = Map.groupBy(end.rows, ({ externalId }) => externalId);
  const violations: Violation[] = [];
  const isRefusedTwin = twinRefusals(twins, end, violations);
  const byRecord = Map.groupBy(events, recordOf);
  const standing = standingIn(events);

  for (const [record, history] of byRecord) {
    const say = (is: Violation['is'], what: string): void => void violations.push({ is, record, what });
    const newest = history.reduce((a, b) => (b.order > a.order ? b : a));
    const rows = rowsOf.get(`crm:${newest.kind}:${newest.crmId}`) ?? [];
    if (rows.length > 1) say('doubled', `rows ${rows.map((row) => row.associateNo).join(', ')}`);
    const expected = isRefusedTwin(record) ? 'match.already-linked' : newest.refused;
    const failed = end.failed.get(record);
    const pending = end.pending.get(record);
    const isWaiting = pending !== undefined && isOpen(pending) && newest.op === 'upsert' && newest.customer !== null;
    const mayWait = isWaiting && waitsRightly(standing(newest.customer), end);
    if (mayWait && !failed && isKey(pending.key, newest)) continue;
    if (expected !== null) {
      if (!failed) say('failed', `not listed, expected ${expected}`);
      else if (failed.code !== expected) say('failed', `listed as ${failed.code}, expected ${expected}`);
      if (!isKey(pending?.key, newest)) say('lost', 'its newest state is not kept for the replay');
      continue;
    }
    if (failed) {
      say('failed', `listed as ${failed.code} ${failed.detail}`);
      continue;
    }
    if (pending) {
      if (!isKey(pending.key, newest)) say('lost', 'what is pending is not its newest state');
      else say('lost', `still pending (${pending.status} ${pending.failure}, due ${pending.dueAt})`);
      continue;
    }
    const state = end.states.get(record);
    if (!isKey(state?.applied ?? undefined, newest)) {
      say('lost', `applied is ${JSON.stringify(state?.applied)}, the newest is ${newest.id}`);
      continue;
    }
    const [row] = rows;
    if (newest.op === 'merge')
      checkMerged(newest, state, byRecord.has(`${newest.kind}|${newest.customer}`) ? row : undefined, say);
    else if (newest.op === 'delete') checkDeleted(newest, row, deletionMark, say);
    else if (!row) say('lost', 'no row');
    else {
      checkRow(newest, row, end, deletionMark, standing, say);
      if (state?.associateNo !== row.associateNo) say('stale', `the ledger links ${state?.associateNo ?? 'nothing'}`);
      checkNumbers(record, newest, row, end, say);
    }
  }
  checkStrangers(byRecord, rowsOf, violations);
  checkPoison(end, violations);
  for (const { ref, what } of end.entries) {
    violations.push({ is: 'outbox', record: `${ref.kind}|${ref.crmId}`, what: `${what} is still owed` });
  }
  return violations;
}

type Say = (is: Violation['is'], what: string) => void;

const isKey = (key: { readonly eventId: string } | undefined, event: HistoryEvent): boolean =>
  key?.eventId === event.id;

/** A contact may wait as long as its customer has no row. */
const waitsRightly = (customer: string, end: EndState): boolean =>
  (end.states.get(`customer|${customer}`)?.associateNo ?? null) === null;

/** Of two customers with one number exactly one has the row; the other waits for a person. */
function twinRefusals(
  twins: Expectation['twins'],
  end: EndState,
  violations: Violation[],
): (record: string) => boolean {
  const refused = new Set<string>();
  for (const [one, other] of twins) {
    const [first, second] = [one, other].map((crmId) => `customer|${crmId}`) as [string, string];
    const linked = [first, second].filter((record) => (end.states.get(record)?.associateNo ?? null) !== null);
    const sent = [first, second].filter((record) => end.states.has(record) || end.pending.has(record));
    if (linked.length > 1) {
      violations.push({ is: 'doubled', record: first, what: `and ${second} both have a row for one number` });
    }
    if (sent.length === 2 && linked.length === 1) refused.add(linked[0] === first ? second : first);
  }
  return (record) => refused.has(record);
}

type Standing = (crmId: string | null) => string;

/** Which customer a customer is by now: the one it was merged into. */
function standingIn(events: readonly HistoryEvent[]): Standing {
  const into = new Map(events.filter(({ op }) => op === 'merge').map(({ crmId, customer }) => [crmId, customer ?? '']));
  return (crmId) => into.get(crmId ?? '') ?? crmId ?? '';
}

/** It has given up its row; once the one that stays is heard of, the row has that one's id. */
function checkMerged(event: HistoryEvent, state: StateRow | undefined, row: ErpRow | undefined, say: Say): void {
  if (state?.mergedInto !== event.customer) say('stale', `merged into ${state?.mergedInto}, not ${event.customer}`);
  if (state?.associateNo !== null) say('stale', `still linked to ${state?.associateNo}`);
  if (row) say('doubled', `row ${row.associateNo} still has its id`);
}

function checkRow(
  event: HistoryEvent,
  row: ErpRow,
  end: EndState,
  deletionMark: string,
  standing: Standing,
  say: Say,
): void {
  const held: Readonly<Record<string, string | number>> = row;
  for (const [column, wanted] of Object.entries(event.content)) {
    if (held[column] !== wanted) say('stale', `${column} is ${JSON.stringify(held[column])}, not ${wanted}`);
  }
  if (event.kind === 'customer') {
    if (row.customerNo === 0) say('lost', 'no customer number');
    if (row.information8 === deletionMark && deletionMark !== '') say('stale', 'still marked as deleted');
    return;
  }
  const parent = end.states.get(`customer|${standing(event.customer)}`)?.associateNo ?? 0;
  if (row.contactForAssociateNo !== parent) {
    say('stale', `contact of ${row.contactForAssociateNo}, not ${parent}`);
  }
}

function checkDeleted(event: HistoryEvent, row: ErpRow | undefined, deletionMark: string, say: Say): void {
  if (!row) return;
  if (event.kind === 'customer') {
    if (row.information8 !== deletionMark) say('stale', 'not marked as deleted');
  } else if (row.name + row.emailAddress + row.phone !== '' || row.contactForAssociateNo !== 0) {
    say('stale', 'not emptied');
  }
}

function checkNumbers(record: string, event: HistoryEvent, row: ErpRow, { numbers }: EndState, say: Say): void {
  if (numbers === null) return;
  const told = numbers.get(record);
  const isRight =
    told?.['actorNumber'] === row.associateNo &&
    (event.kind === 'customer'
      ? told['customerNumber'] === row.customerNo
      : told['relatedCustomerActorNumber'] === row.contactForAssociateNo);
  if (!isRight) say('write-back', `the CRM was told ${JSON.stringify(told ?? null)}`);
}

/** Rows that no record accounts for. */
function checkStrangers(
  byRecord: ReadonlyMap<string, unknown>,
  rowsOf: ReadonlyMap<string, readonly ErpRow[]>,
  violations: Violation[],
): void {
  for (const [externalId, rows] of rowsOf) {
    const record = externalId.replace(/^crm:/, '').replace(':', '|');
    if (byRecord.has(record)) continue;
    violations.push({ is: 'doubled', record, what: `${rows.length} rows of no record (${externalId})` });
  }
}

/** One pointer per listed failure, and nothing else in it than identifiers and the code. */
function checkPoison({ failed, poison }: EndState, violations: Violation[]): void {
  const pointers = poison.map((text) => ({ text, ...(JSON.parse(text) as { kind: string; crmId: string }) }));
  const byRecord = Map.groupBy(pointers, ({ kind, crmId }) => `${kind}|${crmId}`);
  for (const record of failed.keys()) {
    const count = byRecord.get(record)?.length ?? 0;
    if (count !== 1) violations.push({ is: 'poison', record, what: `${count} pointers instead of one` });
  }
  for (const [record, found] of byRecord) {
    if (!failed.has(record)) violations.push({ is: 'poison', record, what: 'a pointer, but not listed as failed' });
    for (const { text } of found) {
      const keys = Object.keys(JSON.parse(text) as object).join();
      if (keys !== 'kind,crmId,code') violations.push({ is: 'poison', record, what: `fields ${keys}` });
    }
  }
}
