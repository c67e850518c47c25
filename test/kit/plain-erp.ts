import { companyNameKey, organizationNumber, type AssociateNo, type CustomerNo } from '../../shared/record/index.ts';
import { fits } from '../../shared/erp/associates/selectors.ts';
import type { Associates, AssociateRow, RowValues, Selector } from '../../shared/erp/index.ts';
import { Personal } from '../../shared/privacy/index.ts';

const NOTHING = new Personal('');
/** A row with nothing in it. */
export const EMPTY: Omit<AssociateRow, 'associateNo'> = {
  customerNo: 0,
  supplierNo: 0,
  employeeNo: 0,
  contactFor: 0,
  deliverTo: 0,
  name: NOTHING,
  shortName: NOTHING,
  addressLine1: NOTHING,
  addressLine2: NOTHING,
  addressLine3: NOTHING,
  addressLine4: NOTHING,
  postCode: NOTHING,
  postalArea: NOTHING,
  phone: NOTHING,
  mobilePhone: NOTHING,
  emailAddress: NOTHING,
  companyNo: '',
  externalId: '',
  deletionMark: '',
};

/** A write that reached the ERP: the row, and the columns that were sent. */
export interface Written {
  readonly do: 'create' | 'update' | 'delete';
  readonly associateNo: number;
  readonly columns: readonly string[];
}

/** Columns that are left out are empty. */
export type Seed = Partial<Omit<AssociateRow, 'associateNo'>> & { readonly associateNo: number };

export interface PlainErp extends Associates {
  readonly rows: Map<number, AssociateRow>;
  readonly writes: Written[];
  /** Calls of `find`. */
  readonly finds: { count: number };
  seed(...rows: readonly Seed[]): void;
}

const keys = new WeakMap<AssociateRow, { readonly organization: string | null; readonly name: string }>();

const bareName = (name: string): string => companyNameKey(name).replaceAll(' ', '');

/** Numbers and names of a row are read once, so that thousands of rows can be asked thousands of times. */
function keysOf(row: AssociateRow): { readonly organization: string | null; readonly name: string } {
  const known = keys.get(row);
  if (known !== undefined) return known;
  const read = { organization: organizationNumber(row.companyNo).key, name: bareName(row.name.reveal()) };
  keys.set(row, read);
  return read;
}

function fitting(selector: Selector): (row: AssociateRow) => boolean {
  const { organizationDigits, organizationText, nameLike, ...rest } = selector;
  const organization = organizationDigits ?? organizationText;
  const name = nameLike && bareName(nameLike.reveal());
  return (row) => {
    const held = keysOf(row);
    const isNumbered = organization !== undefined && held.organization === organization;
    return isNumbered || (name !== undefined && held.name === name) || fits(row, rest);
  };
}

const textOf = (value: unknown): string => (value instanceof Personal ? value.reveal() : String(value));
const holdsAll = (row: AssociateRow, values: RowValues): boolean =>
  Object.entries(values).every(([column, value]) => textOf(value) === textOf(row[column as keyof RowValues]));

/** The ERP's party table in memory, without faults, time or limits: for tests of what is decided. */
export function plainErp(): PlainErp {
  const rows = new Map<number, AssociateRow>();
  const writes: Written[] = [];
  const finds = { count: 0 };
  let given = 0;
  const highest = () => Math.max(90_000, given, ...[...rows.values()].map(({ customerNo }) => customerNo));
  const note = (what: Written['do'], associateNo: number, values: RowValues): void => {
    writes.push({ do: what, associateNo, columns: Object.keys(values).sort() });
  };
  const erp: PlainErp = {
    rows,
    writes,
    finds,
    seed(...seeds) {
      for (const seed of seeds) {
        rows.set(seed.associateNo, { ...EMPTY, ...seed, associateNo: seed.associateNo as AssociateNo });
      }
    },
    async find(selector) {
      finds.count += 1;
      return [...rows.values()].filter(fitting(selector));
    },
    async create({ kind, values }, beforeSend) {
      if (!(await beforeSend())) return { kind: 'not-sent' };
      const associateNo = (Math.max(0, ...rows.keys()) + 1) as AssociateNo;
      const isNumbered = kind === 'customer' && values.customerNo === undefined;
      // The ERP suggests the short name from the name.
      const suggested = { shortName: values.name ?? NOTHING, ...(isNumbered && { customerNo: highest() + 1 }) };
      const row: AssociateRow = { ...EMPTY, ...suggested, ...values, associateNo };
      rows.set(associateNo, row);
      note('create', associateNo, values);
      return { kind: 'written', row };
    },
    async update(associateNo, values, beforeSend, expected = {}) {
      if (!(await beforeSend())) return { kind: 'not-sent' };
      const held = rows.get(associateNo);
      if (!held) return { kind: 'gone' };
      if (!holdsAll(held, expected)) return { kind: 'changed' };
      const row = { ...held, ...values };
      rows.set(associateNo, row);
      note('update', associateNo, values);
      return { kind: 'written', row };
    },
    erase: (...update) => erp.update(...update),
    async delete(associateNo, beforeSend) {
      if (!(await beforeSend())) return { kind: 'not-sent' };
      if (!rows.delete(associateNo)) return { kind: 'gone' };
      note('delete', associateNo, {});
      return { kind: 'deleted' };
    },
    highestCustomerNo: async () => highest(),
    nextCustomerNo: async () => (given = highest() + 1) as CustomerNo,
    async *scan() {
      yield [...rows.values()].sort((a, b) => a.associateNo - b.associateNo);
    },
    async *changedSince() {
      yield [...rows.values()];
    },
    probe: async () => undefined,
  };
  return erp;
}
