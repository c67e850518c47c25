import { CONTACT_FIELDS, CUSTOMER_FIELDS, type Kind, type RecordRef } from '../../record/index.ts';
import { Personal } from '../../privacy/index.ts';
import type { SyncDeps } from '../deps.ts';
import { forecast, type Forecast, type PlanOutcome } from './plan-record.ts';

/** One column of the ERP's row, before and after; `•••` where values are not shown, `''` where there is none. */
export interface ColumnChange {
  /** The event's field that fills the column; the column's own name where none does. */
  readonly field: string;
  readonly column: string;
  readonly from: string;
  readonly to: string;
}

/** What would become of one planned change. */
export interface RecordPlan {
  readonly ref: RecordRef;
  /** ISO 8601, UTC; `''` when it is planned no more. */
  readonly since: string;
  /** Which side would be written. */
  readonly to: 'erp' | 'crm';
  readonly plan: PlanOutcome;
  readonly why: string;
  /** Rows of the ERP that it concerns. */
  readonly associateNos: readonly number[];
  readonly fields: readonly string[];
  readonly changes: readonly ColumnChange[];
}

/** Records of one call: they are decided at the same time, so that their reads share the ERP's requests. */
export const MOST_PLANS = 50;

type Value = string | number | Personal;

/**
 * What would become of planned changes, decided now on what the ERP holds now; nothing is stored. Each is decided by
 * itself: two new records of one company both say `create`, and the second of them will link.
 */
export async function plansOf(
  deps: SyncDeps,
  refs: readonly RecordRef[],
  isShown: boolean,
): Promise<readonly RecordPlan[]> {
  return Promise.all(refs.slice(0, MOST_PLANS).map(async (ref) => toPlan(ref, await forecast(deps, ref), isShown)));
}

function toPlan(ref: RecordRef, said: Forecast & { readonly since: string }, isShown: boolean): RecordPlan {
  const { since, plan, why = '', associateNos = [], columns = [], values = {}, row = null } = said;
  const held: Readonly<Record<string, Value>> = row === null ? {} : { ...row };
  const text = (value: Value | undefined): string => {
    const plain = value instanceof Personal ? value.reveal() : value === undefined || value === 0 ? '' : String(value);
    return plain === '' || isShown ? plain : String(new Personal(plain));
  };
  const changes = Object.entries<Value>(values).map(([column, value]) => ({
    ...{ field: fieldOf(ref.kind, column), column },
    ...{ from: text(held[column]), to: text(value) },
  }));
  const fields = [...new Set(columns.map((column) => fieldOf(ref.kind, column)))];
  return { ref, since, to: 'erp', plan, why, associateNos, fields, changes };
}

function fieldOf(kind: Kind, column: string): string {
  const catalogue: readonly { readonly name: string; readonly columns: readonly string[] }[] =
    kind === 'customer' ? CUSTOMER_FIELDS : CONTACT_FIELDS;
  return catalogue.find(({ columns }) => columns.includes(column))?.name ?? column;
}
