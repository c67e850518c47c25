/** Longest text that an expression may search. */
const MOST_TEXT = 1000;

/** A group that is repeated and itself holds a repetition or alternatives: `(\w+)+`, `(a|ab)*`. */
const REPEATED_CHOICE = /\((?:[^()\\]|\\.)*(?:[*+|]|\{\d+,)(?:[^()\\]|\\.)*\)(?:[*+]|\{\d+,)/;

/**
 * Regular expressions of a mapping that end in reasonable time: nothing can interrupt one that does not. What repeats a
 * choice is refused when the mapping is checked, and only texts of a field's size are searched.
 */
export class SafeRegExp extends RegExp {
  constructor(pattern: RegExp | string, flags?: string) {
    const text = typeof pattern === 'string' ? pattern : pattern.source;
    if (REPEATED_CHOICE.test(text) || /\\[1-9k]/.test(text)) {
      throw new Error('a repeated group may hold neither a repetition nor alternatives');
    }
    super(pattern, flags);
  }

  override exec(text: string): RegExpExecArray | null {
    if (text.length > MOST_TEXT) throw new Error('the text is too long for a regular expression');
    return super.exec(text);
  }
}
