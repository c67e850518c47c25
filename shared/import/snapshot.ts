import { companyNameKey, organizationNumber, sameEmail, sameName } from '../record/index.ts';
import type { Associates, AssociateRow, ContactLike, Selector } from '../erp/index.ts';

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
    name: new Map() as Index,
  };
  let size = 0;
  for await (const page of erp.scan()) {
    for (const row of page) {
      add(by.no, row.associateNo, row);
      if (row.customerNo !== 0) add(by.customer, row.customerNo, row);
      if (row.externalId !== '') add(by.external, row.externalId, row);
      if (row.contactFor !== 0) add(by.parent, row.contactFor, row);
      const { key } = organizationNumber(row.companyNo);
      if (key !== null) add(by.organization, key, row);
      const name = squeezed(row.name.reveal());
      if (name !== '' && row.contactFor === 0) add(by.name, name, row);
    }
    size += page.length;
    onPage(size);
  }
  const forgotten = new Set<number>();
  return {
    takenAt,
    size,
    find(selector) {
      const { associateNo, customerNo, externalId, organizationDigits, organizationText, nameLike } = selector;
      const at = (index: Index, key: string | number | undefined) => (key === undefined ? [] : (index.get(key) ?? []));
      const found = [
        ...at(by.no, associateNo),
        ...at(by.customer, customerNo),
        ...at(by.external, externalId),
        ...at(by.organization, organizationDigits ?? organizationText),
        ...at(by.name, nameLike && squeezed(nameLike.reveal())),
        ...at(by.parent, selector.contactsOf),
        ...at(by.parent, selector.contactLike?.of).filter((row) => isLike(row, selector.contactLike)),
      ];
      return [...new Set(found)].filter((row) => !forgotten.has(row.associateNo));
    },
    forget: (associateNo) => void forgotten.add(associateNo),
  };
}

/** A sieve: initials may stand apart or together. */
const squeezed = (name: string): string => companyNameKey(name).replaceAll(' ', '');

function isLike(row: AssociateRow, like: ContactLike | undefined): boolean {
  if (like === undefined) return false;
  const email = like.emailAddress?.reveal() ?? '';
  const isSameAddress = email !== '' && sameEmail(email, row.emailAddress.reveal());
  return isSameAddress || sameName(like.name.reveal(), row.name.reveal());
}

function add(index: Index, key: string | number, row: AssociateRow): void {
  const rows = index.get(key);
  if (rows) rows.push(row);
  else index.set(key, [row]);
}
