import { ImportFileError } from './headers.ts';
import type { Encoding } from './encoding.ts';
import { readText } from './text.ts';

/** The object that a text is, or null. */
export function parseObject(text: string): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(text);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}

export interface ArrayItem {
  /** The line it begins on, the first one being 1. */
  readonly line: number;
  readonly text: string;
}

/**
 * The items of a file that is one JSON array, however it is printed, one by one, so that a file of any size fits in memory.
 * @throws ImportFileError when the array does not end.
 */
export async function* readArray(path: string, encoding: Encoding): AsyncGenerator<ArrayItem> {
  const scan = new Scanner();
  for await (const piece of readText(path, encoding)) {
    for (const character of piece) {
      const item = scan.next(character);
      if (item !== null) yield item;
    }
  }
  if (!scan.isDone) throw new ImportFileError(`${path}: the JSON array does not end`);
}

/** Follows brackets and quotes, and nothing else: what an item holds is for the JSON parser. */
class Scanner {
  #line = 1;
  #depth = 0;
  #isQuoted = false;
  #isEscaped = false;
  #text = '';
  #begunAt = 0;
  isDone = false;

  next(character: string): ArrayItem | null {
    if (character === '\n') this.#line += 1;
    if (this.isDone) return null;
    if (this.#isQuoted) return this.#quoted(character);
    const isEnd = this.#depth === 1 && (character === ',' || character === ']');
    if (isEnd) {
      if (character === ']') this.isDone = true;
      return this.#taken();
    }
    if (character === '[' || character === '{') this.#depth += 1;
    if (character === ']' || character === '}') this.#depth -= 1;
    if (character === '"') this.#isQuoted = true;
    const isOpening = this.#depth === 1 && character === '[';
    if (!isOpening) this.#add(character);
    return null;
  }

  #quoted(character: string): null {
    if (this.#isEscaped) this.#isEscaped = false;
    else if (character === '\\') this.#isEscaped = true;
    else if (character === '"') this.#isQuoted = false;
    this.#add(character);
    return null;
  }

  #add(character: string): void {
    if (this.#text === '' && character.trim() === '') return;
    if (this.#text === '') this.#begunAt = this.#line;
    this.#text += character;
  }

  #taken(): ArrayItem | null {
    const item = this.#text === '' ? null : { line: this.#begunAt, text: this.#text };
    this.#text = '';
    return item;
  }
}
