import type { SandboxRow } from './columns.ts';

export interface Double {
  readonly externalId: string;
  readonly associateNos: readonly number[];
}

/** Rows that share a non-empty external id: one CRM record that stands in the ERP more than once. */
export function doubles(rows: readonly SandboxRow[]): readonly Double[] {
  const byId = Map.groupBy(
    rows.filter(({ externalId }) => externalId !== ''),
    ({ externalId }) => externalId,
  );
  return [...byId]
    .filter(([, same]) => same.length > 1)
    .map(([externalId, same]) => ({ externalId, associateNos: same.map(({ associateNo }) => associateNo) }));
}
