import type { Personal } from '../privacy/index.ts';
import type { Kind } from '../record/index.ts';

/** One column of the ERP's row, before and after; masked wherever it is printed. */
export interface PlannedChange {
  readonly column: string;
  readonly from: Personal;
  readonly to: Personal;
}

/** What would become of one row. No personal values: fields are names of ERP columns. */
export interface PlannedRow {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly line: number;
  readonly kind: Kind;
  readonly crmId: string | null;
  /** `would-create?`: an ERP row of the same name may be this company; it is held back until a person accepts it. */
  readonly outcome:
    | 'linked'
    | 'would-link'
    | 'would-create'
    | 'would-create?'
    | 'would-update'
    | 'would-wait'
    | 'superseded'
    | 'ignored'
    | 'refused'
    | 'invalid';
  /** The rule of a link, the code of a refusal, the column and code of an invalid value. */
  readonly why: string;
  readonly fields: readonly string[];
  readonly candidates: readonly number[];
  /** Values that are dropped or taken as plain text, as `column: code`. */
  readonly warnings: readonly string[];
  readonly changes: readonly PlannedChange[];
  /** Keyed hash of what the plan rests on: the row of the file and the ERP rows it concerns. */
  readonly basis: string;
}
