/**
 * What became of one field: its value (perhaps with a warning), nothing because it must not be kept, or a problem that
 * makes the record invalid. Codes only; never the value in question.
 */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T; readonly warning?: WarningCode }
  | { readonly kind: 'dropped'; readonly warning: WarningCode }
  | { readonly kind: 'problem'; readonly code: ProblemCode };

/** Why a record is invalid; each is in the table of failures too. */
export type ProblemCode = 'value.missing' | 'value.invalid' | 'value.too-long';

/** The record goes on: `taken-as-text` = not understood as an e-mail address or a phone number, kept as it stands. */
export type WarningCode = 'value.taken-as-text' | 'value.national-id-dropped';

export const value = <T>(value: T): Reading<T> => ({ kind: 'value', value });
export const valueWithWarning = <T>(value: T, warning: WarningCode): Reading<T> => ({ kind: 'value', value, warning });
export const dropped = (warning: WarningCode): Reading<never> => ({ kind: 'dropped', warning });
export const problem = (code: ProblemCode): Reading<never> => ({ kind: 'problem', code });
