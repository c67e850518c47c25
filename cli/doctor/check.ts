/** One line of the doctor's answer. */
export interface Check {
  readonly name: string;
  /** `note`: nothing is wrong, but somebody should know. */
  readonly is: 'ok' | 'bad' | 'note';
  readonly detail: string;
  /** What to do about it; `''` when it is in order. */
  readonly todo: string;
}

export const ok = (name: string, detail = ''): Check => ({ name, is: 'ok', detail, todo: '' });
export const bad = (name: string, detail: string, todo: string): Check => ({ name, is: 'bad', detail, todo });
export const note = (name: string, detail: string): Check => ({ name, is: 'note', detail, todo: '' });

const SIGNS = { ok: '✓', bad: '✗', note: '!' } as const;

export function checkLines({ name, is, detail, todo }: Check): readonly string[] {
  return [`${SIGNS[is]} ${name}${detail === '' ? '' : `: ${detail}`}`, ...(todo === '' ? [] : [`    → ${todo}`])];
}
