import { inspect } from 'node:util';

const MASK = '•••';

/**
 * A personal value (name, address, e-mail, phone). It prints as a mask wherever it is printed, concatenated,
 * serialised or inspected; only `reveal()` gives the text, and only what stores, sends, compares or hashes it calls that.
 */
export class Personal {
  readonly #text: string;

  constructor(text: string) {
    this.#text = text;
  }

  /** The text itself. Never pass the result to a log, an error, a queue message or a URL. */
  reveal(): string {
    return this.#text;
  }

  toString(): string {
    return MASK;
  }

  toJSON(): string {
    return MASK;
  }

  [inspect.custom](): string {
    return MASK;
  }
}
