import { MAX_RAW } from './formats/text.ts';
import { problem, type ProblemCode, type Reading, type WarningCode } from './reading.ts';
import type { FieldProblem } from './types.ts';

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
