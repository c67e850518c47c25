import type { Kind } from '../record/index.ts';

/** What would become of one row. No personal values: fields are names of ERP columns. */
export interface PlannedRow {
  /** The file's name, without its folder. */
  readonly file: string;
  readonly line: number;
  readonly kind: Kind;
  readonly crmId: string | null;
  readonly outcome:
    | 'linked'
    | 'would-link'
    | 'would-create'
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
}
