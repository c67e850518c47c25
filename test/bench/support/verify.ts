import type { SandboxRow } from '../../../local/nxt/index.ts';
import { addressOf, externalIdOf, organizationNumber, range } from './records.ts';

export interface Verified {
  /** Customers without a row. */
  readonly missing: number;
  /** Customers with more than one row, by external id or organisation number. */
  readonly doubled: number;
  /** Customers whose row does not have the newest address. */
  readonly stale: number;
}

/** Holds the ERP against what the CRM says, row by row. */
export function verifyCustomers(rows: readonly SandboxRow[], from: number, to: number, version: number): Verified {
  const byId = groupBy(rows, ({ externalId }) => externalId);
  const byNumber = groupBy(rows, ({ companyNo }) => companyNo.replace(/\D/g, ''));
  const found = range(from, to).map((n) => ({
    n,
    rows: byId.get(externalIdOf(n)) ?? [],
    sameNumber: byNumber.get(organizationNumber(n)) ?? [],
  }));
  return {
    missing: found.filter((each) => each.rows.length === 0).length,
    doubled: found.filter((each) => each.rows.length > 1 || each.sameNumber.length > 1).length,
    stale: found.filter((each) => each.rows[0] && each.rows[0].addressLine1 !== addressOf(each.n, version)).length,
  };
}

function groupBy(rows: readonly SandboxRow[], keyOf: (row: SandboxRow) => string): Map<string, SandboxRow[]> {
  const groups = new Map<string, SandboxRow[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key !== '') groups.set(key, [...(groups.get(key) ?? []), row]);
  }
  return groups;
}
