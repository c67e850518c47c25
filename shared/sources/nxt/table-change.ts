import * as z from 'zod';
import { isAssociateNo, type AssociateNo } from '../../record/index.ts';

/** A row of Associate changed, or is gone. Only a hint: what it holds now is read from the ERP. */
export interface RowHint {
  readonly associateNo: AssociateNo;
  readonly isDeleted: boolean;
}

const camelCase = (name: string): string => `${name.slice(0, 1).toLowerCase()}${name.slice(1)}`;

// Visma's TableChange. Published samples spell the keys `{"OrderNo": 9}`, the documentation `{"orderNo": 9}`, and the
// fields may be spelled either way too; they come and go, so only what is needed is read.
const tableChange = z
  .record(z.string(), z.unknown())
  .transform((body) => Object.fromEntries(Object.entries(body).map(([name, value]) => [camelCase(name), value])))
  .pipe(
    z.object({
      tableIdentifier: z.string(),
      companyNo: z.number().nullish(),
      event: z.string(),
      primaryKeys: z.array(z.record(z.string(), z.union([z.number(), z.string()]))),
    }),
  );

const deliveries = z.union([z.array(tableChange), tableChange.transform((one) => [one])]);

/**
 * The rows of Associate in one delivery, or null when it is no TableChange at all. Another table or another company
 * gives none: nothing is wrong with it, and nothing is to be done.
 */
export function readTableChange(body: unknown, companyNo: number): readonly RowHint[] | null {
  const read = deliveries.safeParse(body);
  if (!read.success) return null;
  return read.data
    .filter(({ tableIdentifier }) => tableIdentifier.toLowerCase() === 'associate')
    .filter((change) => (change.companyNo ?? 0) === 0 || change.companyNo === companyNo)
    .flatMap(({ primaryKeys, event }) =>
      primaryKeys
        .flatMap((key) => associateNosOf(key))
        .map((associateNo) => ({
          associateNo,
          isDeleted: event.toUpperCase() === 'DELETE',
        })),
    );
}

function associateNosOf(key: Readonly<Record<string, number | string>>): AssociateNo[] {
  return Object.entries(key)
    .filter(([name]) => name.toLowerCase() === 'associateno')
    .map(([, value]) => Number(value))
    .filter(isAssociateNo);
}
