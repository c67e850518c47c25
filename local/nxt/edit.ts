import { EMPTY_ROW, type RowSeed, type SandboxRow } from './columns.ts';
import type { Sandbox } from './state.ts';
import { changedStamps, createdStamps } from './stamps.ts';

/** Who edits in NXT when nobody is named: a person, where a service writes its client id. */
export const ACCOUNTING = 'accounting';

type Edited = Pick<Sandbox, 'store' | 'settings' | 'tableChanges'>;

/** A row as accounting enters it by hand. */
export function enterRow({ store, settings, tableChanges }: Edited, values: RowSeed, user: string): SandboxRow {
  const stamps = createdStamps(settings.clock.now(), user);
  const row: SandboxRow = { ...EMPTY_ROW, ...stamps, ...values, associateNo: store.takeAssociateNo() };
  store.put(row);
  tableChanges.note({ kind: 'create', row, user });
  return row;
}

/** Changes or, with `undefined`, removes a row as accounting would; what was there before, `undefined` where nothing was. */
export function editRow(
  { store, settings, tableChanges }: Edited,
  associateNo: number,
  change: RowSeed | undefined,
  user: string,
): SandboxRow | undefined {
  const before = store.get(associateNo);
  if (before === undefined) return undefined;
  if (change === undefined) {
    store.remove(associateNo);
    tableChanges.note({ kind: 'delete', row: before, user });
    return before;
  }
  const row = { ...before, ...changedStamps(settings.clock.now(), user), ...change, associateNo };
  store.put(row);
  tableChanges.note({ kind: 'update', row, user });
  return before;
}
