import { organizationDigits } from '../record/index.ts';
import type { Associates, AssociateRow, Selector } from '../erp/index.ts';

type Index = Map<string | number, AssociateRow[]>;

/** The whole party table as it was at one time, found by the same keys as in the ERP. */
export interface Snapshot {
  readonly takenAt: number;
  readonly size: number;
  find(selector: Selector): readonly AssociateRow[];
  /** The row is no longer as it was read. */
  forget(associateNo: number): void;
}

/** Reads every row, in large pages: a few hundred requests where one by one it would be tens of thousands. */
export async function takeSnapshot(
  erp: Pick<Associates, 'scan'>,
  now: () => number,
  onPage: (rows: number) => void,
): Promise<Snapshot> {
  const takenAt = now();
  const by = {
    no: new Map() as Index,
    customer: new Map() as Index,
    external: new Map() as Index,
    organization: new Map() as Index,
    parent: new Map() as Index,
  };
  let size = 0;
  for await (const page of erp.scan()) {
    for (const row of page) {
      add(by.no, row.associateNo, row);
      if (row.customerNo !== 0) add(by.customer, row.customerNo, row);
      if (row.externalId !== '') add(by.external, row.externalId, row);
      if (row.contactFor !== 0) add(by.parent, row.contactFor, row);
      const digits = organizationDigits(row.companyNo);
      if (digits !== null) add(by.organization, digits, row);
    }
    size += page.length;
    onPage(size);
  }
  const forgotten = new Set<number>();
  return {
    takenAt,
    size,
    find({ associateNo, customerNo, externalId, organizationDigits: digits, contactsOf }) {
      const found = [
        ...(associateNo === undefined ? [] : (by.no.get(associateNo) ?? [])),
        ...(customerNo === undefined ? [] : (by.customer.get(customerNo) ?? [])),
        ...(externalId === undefined ? [] : (by.external.get(externalId) ?? [])),
        ...(digits === undefined ? [] : (by.organization.get(digits) ?? [])),
        ...(contactsOf === undefined ? [] : (by.parent.get(contactsOf) ?? [])),
      ];
      return [...new Set(found)].filter((row) => !forgotten.has(row.associateNo));
    },
    forget: (associateNo) => void forgotten.add(associateNo),
  };
}

function add(index: Index, key: string | number, row: AssociateRow): void {
  const rows = index.get(key);
  if (rows) rows.push(row);
  else index.set(key, [row]);
}
