import type { GraphQLResolveInfo } from 'graphql';
import { type Assigned, type Assignment, assign } from './assign.ts';
import { type Call, modeOf, type MutationResult, type OnError, refuseReadOnly, reportRow } from './call.ts';
import { EMPTY_ROW, type SandboxRow } from './columns.ts';
import type { FailedItems, RowErrorMode } from './options.ts';
import { createdStamps } from './stamps.ts';
import type { Interval } from './suggest.ts';
import { type InputRow, inWrittenOrder } from './written-order.ts';

export interface CreateArguments extends OnError {
  readonly values: readonly InputRow[];
  readonly suggest?: Readonly<Record<string, Interval | boolean | null>> | null;
}

/** Values asked for with `suggest`; they come before the row's own, which overrule them. */
function suggestions({ suggest }: CreateArguments, given: readonly Assignment[], call: Call): readonly Assignment[] {
  return Object.entries(suggest ?? {}).flatMap(([name, wish]) => {
    const column = call.columns.byName(name);
    if (column === undefined || wish === null || wish === false) return [];
    if (given.some((assignment) => assignment.column === column)) return [];
    return [{ column, value: null, ...(wish === true ? {} : { interval: wish }) }];
  });
}

function createOne(args: CreateArguments, given: readonly Assignment[], mode: RowErrorMode, call: Call): Assigned {
  const { store, settings } = call;
  const assignments = [...suggestions(args, given, call), ...given];
  const { row, errors } = assign(EMPTY_ROW, assignments, mode, { store, settings, creating: true });
  const refusal = call.refusal('create', row);
  if (refusal !== undefined) return { row, errors: [refusal] };
  if (errors.length > 0 && mode !== 'fields') return { row, errors };
  const stamps = createdStamps(settings.clock.now(), call.clientId);
  const stored: SandboxRow = { ...row, ...stamps, associateNo: store.takeAssociateNo() };
  store.put(stored);
  return { row: stored, errors };
}

function itemsOf(rows: readonly (SandboxRow | null)[], how: FailedItems): MutationResult['items'] {
  const stored = rows.filter((row) => row !== null);
  if (stored.length === rows.length || how === 'holes') return rows;
  // A create of one refused row answers `items: null` (verified).
  return how === 'null' || stored.length === 0 ? null : stored;
}

/** `associate_create`. */
export function createRows(args: CreateArguments, call: Call, info: GraphQLResolveInfo): MutationResult {
  refuseReadOnly(call);
  const mode = modeOf(args, call);
  const putBack = call.store.snapshot();
  const given = inWrittenOrder(args.values, 'values', info, call.rawVariables, call.columns);
  const outcomes = given.map((assignments) => createOne(args, assignments, mode, call));
  for (const [n, { errors }] of outcomes.entries()) {
    for (const error of errors) reportRow(call, info, n, error);
  }
  if (mode === 'table' && outcomes.some(({ errors }) => errors.length > 0)) {
    putBack();
    return { affectedRows: 0, items: itemsOf(Array<null>(outcomes.length).fill(null), call.settings.failedItems) };
  }
  const rows = outcomes.map(({ row }) => (row.associateNo === 0 ? null : row));
  const stored = rows.filter((row) => row !== null);
  for (const row of stored) call.wrote('create', row);
  return { affectedRows: stored.length, items: itemsOf(rows, call.settings.failedItems) };
}
