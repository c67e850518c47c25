import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import { type Assigned, type Assignment, assign } from './assign.ts';
import { type Call, modeOf, type MutationResult, type OnError, pathOf, refuseReadOnly, reportRow } from './call.ts';
import type { SandboxRow } from './columns.ts';
import { rowTest } from './filter.ts';
import type { RowErrorMode } from './options.ts';
import { changedStamps } from './stamps.ts';
import { type InputRow, inWrittenOrder } from './written-order.ts';

export interface UpdateArguments extends OnError {
  readonly filter?: object | null;
  readonly value?: InputRow | null;
  readonly filters?: readonly (object | null)[] | null;
  readonly values?: readonly InputRow[] | null;
}

interface Pair {
  readonly filter: object | null | undefined;
  readonly assignments: readonly Assignment[];
}

/** `filter` with `value`, or the n-th of `filters` with the n-th of `values` (verified). */
function pairsOf(args: UpdateArguments, call: Call, info: GraphQLResolveInfo): readonly Pair[] {
  const ordered = (rows: readonly InputRow[], argument: string) =>
    inWrittenOrder(rows, argument, info, call.rawVariables, call.columns);
  if (args.value) return ordered([args.value], 'value').map((assignments) => ({ filter: args.filter, assignments }));
  const values = ordered(args.values ?? [], 'values');
  const filters = args.filters ?? [];
  if (filters.length !== values.length) throw new GraphQLError('filters and values must have the same length.');
  return values.map((assignments, n) => ({ filter: filters[n], assignments }));
}

function updateOne(before: SandboxRow, assignments: readonly Assignment[], mode: RowErrorMode, call: Call): Assigned {
  const { store, settings } = call;
  const { row, errors } = assign(before, assignments, mode, { store, settings, creating: false });
  const refusal = call.refusal('update', row);
  if (refusal !== undefined) return { row: before, errors: [refusal] };
  if (errors.length > 0 && mode !== 'fields') return { row: before, errors };
  const stored: SandboxRow = { ...row, ...changedStamps(settings.clock.now(), call.clientId) };
  store.put(stored);
  return { row: stored, errors };
}

/** `associate_update`. A refused row stands in `items` with the values it had before (verified). */
export function updateRows(args: UpdateArguments, call: Call, info: GraphQLResolveInfo): MutationResult {
  refuseReadOnly(call);
  const mode = modeOf(args, call);
  const putBack = call.store.snapshot();
  const befores: SandboxRow[] = [];
  const items: SandboxRow[] = [];
  const changed: SandboxRow[] = [];
  let failed = false;
  let empty = true;
  for (const [n, { filter, assignments }] of pairsOf(args, call, info).entries()) {
    if (assignments.length === 0) continue;
    empty = false;
    for (const before of call.store.all().filter(rowTest(filter, call.columns))) {
      const { row, errors } = updateOne(before, assignments, mode, call);
      for (const error of errors) reportRow(call, info, n, error);
      failed ||= errors.length > 0;
      befores.push(before);
      items.push(row);
      if (row !== before) changed.push(row);
    }
  }
  // Verified: an empty update does nothing and says so in `extensions`; the wording and the key are not known.
  if (empty) call.warnings.push({ message: 'The update holds no values.', path: pathOf(info) });
  if (failed && mode === 'table') {
    putBack();
    return { affectedRows: 0, items: befores };
  }
  for (const row of changed) call.wrote('update', row);
  return { affectedRows: changed.length, items };
}
