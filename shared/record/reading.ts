/**
 * What became of one field: its value (perhaps with a warning), nothing because it must not be kept, or a problem that
 * makes the record invalid. Codes only; never the value in question.
 */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T; readonly warning?: WarningCode }
  | { readonly kind: 'dropped'; readonly warning: WarningCode }
  | { readonly kind: 'problem'; readonly code: ProblemCode };

/** Why a record is invalid; each is in the table of failures too. */
export type ProblemCode =
  'value.missing' | 'value.invalid' | 'value.too-long' | 'value.national-id' | 'value.broken-letters';

/** What a person should know of a record that goes on. What is dropped comes first. */
export const REPORTED = {
  'value.national-id-dropped': {
    meaning:
      'A field held a national identity number. The field was dropped before anything was stored, and the ERP keeps its value.',
    action: 'Take the number out of the CRM.',
  },
  'value.broken-letters': {
    meaning:
      'A field has lost letters (U+FFFD) before it came here. It was not written. In a name the record fails instead.',
    action: 'Write the text anew in the CRM; look at the encoding of what filled it.',
  },
  'value.not-an-organization-number': {
    meaning:
      'A text that is neither a Norwegian organisation number nor a foreign one with its country in front. It finds no customer, and is written only where the ERP has no number.',
    action: 'Correct the number in the CRM.',
  },
  'value.postal-code-short': {
    meaning:
      'A Norwegian postal code of three digits: a spreadsheet took its zero. It counts as the one with the zero.',
    action: 'Put the zero back in the CRM.',
  },
  'value.looks-encoded': {
    meaning:
      'A text holds HTML entities (`&amp;`) or letters that were encoded twice (`Ã¸`). It was carried over as it is.',
    action: 'Write the text anew in the CRM; look at what filled it.',
  },
  'value.taken-as-text': {
    meaning: 'A text was not understood as an e-mail address or a phone number. It was carried over as it is.',
    action: 'Nothing, if it is meant so.',
  },
} as const satisfies Record<string, { readonly meaning: string; readonly action: string }>;

export type WarningCode = keyof typeof REPORTED;

export const value = <T>(value: T): Reading<T> => ({ kind: 'value', value });
export const valueWithWarning = <T>(value: T, warning: WarningCode): Reading<T> => ({ kind: 'value', value, warning });
export const dropped = (warning: WarningCode): Reading<never> => ({ kind: 'dropped', warning });
export const problem = (code: ProblemCode): Reading<never> => ({ kind: 'problem', code });
