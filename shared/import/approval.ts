import * as z from 'zod';
import type { PlannedRow } from './planned-row.ts';

/** What an approved plan says of a row, as far as carrying it out needs it; more may stand beside it. */
export const approvedRows = z.array(
  z.object({ file: z.string(), line: z.number(), outcome: z.string(), basis: z.string() }),
);
export type ApprovedRow = z.infer<typeof approvedRows>[number];

/** Why a row of the plan is not carried out. `moved`: it is not any more what was approved. */
export type LeftOut = 'held-back' | 'moved';

export const placeOf = ({ file, line }: Pick<PlannedRow, 'file' | 'line'>): string => `${file}:${line}`;

/** Nothing more is written for these, whatever was approved. */
const DONE = new Set<PlannedRow['outcome']>(['linked', 'superseded', 'ignored', 'invalid']);
const asApproved = (outcome: string): string => (outcome === 'would-create?' ? 'would-create' : outcome);

/**
 * Rows that are left out, by place: possible doubles that nobody accepted, and, where a plan was approved, rows whose
 * line or ERP rows have moved since, or that were not in it.
 */
export function leftOut(
  rows: readonly PlannedRow[],
  approved: readonly ApprovedRow[] | undefined,
): ReadonlyMap<string, LeftOut> {
  const said = approved && new Map(approved.map((row) => [placeOf(row), row]));
  return new Map(
    rows.flatMap((row): [string, LeftOut][] => {
      const before = said?.get(placeOf(row));
      const isSame = before?.basis === row.basis && asApproved(before.outcome) === asApproved(row.outcome);
      if (said && !isSame && !DONE.has(row.outcome)) return [[placeOf(row), 'moved']];
      return row.outcome === 'would-create?' ? [[placeOf(row), 'held-back']] : [];
    }),
  );
}
