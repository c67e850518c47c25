import { MAX_RAW } from './formats/text.ts';
import type { FieldProblem } from './types.ts';

/**
 * What became of one field: its value (perhaps with a warning), nothing because it must not be kept, or a problem that
 * makes the record invalid. Codes only; never the value in question.
 */
export type Reading<T> =
  | { readonly kind: 'value'; readonly value: T; readonly warning?: WarningCode }
  | { readonly kind: 'dropped'; readonly warning: WarningCode }
  | { readonly kind: 'problem'; readonly code: ProblemCode };

/** Why a record is invalid; each is in the table of failures too. */
type ProblemCode = 'value.missing' | 'value.invalid' | 'value.too-long' | 'value.national-id' | 'value.broken-letters';

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

type WarningCode = keyof typeof REPORTED;

export const value = <T>(value: T): Reading<T> => ({ kind: 'value', value });
export const valueWithWarning = <T>(value: T, warning: WarningCode): Reading<T> => ({ kind: 'value', value, warning });
export const dropped = (warning: WarningCode): Reading<never> => ({ kind: 'dropped', warning });
export const problem = (code: ProblemCode): Reading<never> => ({ kind: 'problem', code });

/** Reads the fields of one record and remembers what was wrong with which. */
export class FieldReader {
  readonly problems: FieldProblem[] = [];
  readonly warnings: FieldProblem[] = [];
  readonly #pointer: string;

  /** @param pointer JSON pointer of the record's `data` in the request. */
  constructor(pointer: string) {
    this.#pointer = pointer;
  }

  /** The value of a field, or undefined when the CRM does not manage it, or it cannot be used (see `problems`). */
  take<T>(field: string, raw: string | number | null | undefined, read: (raw: string) => Reading<T>): T | undefined {
    if (raw === null || raw === undefined) return undefined;
    const text = String(raw);
    // Normalising a long text costs time, so its length comes first.
    const reading = text.length > MAX_RAW ? problem('value.too-long') : read(text);
    switch (reading.kind) {
      case 'value':
        if (reading.warning !== undefined) this.#note(this.warnings, field, reading.warning);
        return reading.value;
      case 'dropped':
        this.#note(this.warnings, field, reading.warning);
        return undefined;
      case 'problem':
        this.#note(this.problems, field, reading.code);
        return undefined;
    }
  }

  missing(field: string): void {
    this.#note(this.problems, field, 'value.missing');
  }

  invalid(field: string): void {
    this.#note(this.problems, field, 'value.invalid');
  }

  warn(field: string, code: WarningCode): void {
    this.#note(this.warnings, field, code);
  }

  #note(list: FieldProblem[], field: string, code: ProblemCode | WarningCode): void {
    list.push({ code, pointer: `${this.#pointer}/${field}` });
  }
}
