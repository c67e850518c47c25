import { FAILURES, Failure } from '../../failure.ts';
import { isAssociateNo, type RecordRef } from '../../record/index.ts';
import { RECONCILE_KINDS, recordText, type Actor, type LineName, type Operations } from '../../sync/index.ts';
import { choiceOf } from '../api.ts';
import type { Fields } from '../page-request.ts';
import { readRef } from '../request.ts';
import type { Texts } from '../texts/en.ts';

/** Each takes a few requests, and all of them must fit into one answer. */
const MOST_AT_ONCE = 60;

/** One thing that a form settles. */
type Choice =
  | {
      readonly is: 'field';
      readonly ref: RecordRef;
      readonly field: string;
      readonly use: 'crm' | 'erp' | 'ignore';
      /** Of what the form showed. */
      readonly mark: string;
    }
  | { readonly is: 'ignore'; readonly line: LineName }
  | { readonly is: 'link'; readonly ref: RecordRef; readonly associateNo: number }
  | { readonly is: 'unlink'; readonly ref: RecordRef }
  /** What was typed is no record, or no number. */
  | { readonly is: 'unknown'; readonly text: string };

export interface Settling {
  readonly done: readonly string[];
  readonly refused: readonly string[];
  /** Chosen, and not reached. */
  readonly left: number;
}

/** What was chosen in a form of differences; what was left open is not among it. */
export function choicesOf(fields: Fields): readonly Choice[] {
  return fields.names().flatMap((name): readonly Choice[] => {
    const [, is = '', subject = ''] = /^(field|row|record|unlink|ignore):(.+)$/.exec(name) ?? [];
    const value = fields.one(name).trim().slice(0, 80);
    if (is === '' || value === '') return [];
    const unknown = { is: 'unknown', text: value } as const;
    if (is === 'field') {
      const [, record = '', field = ''] = /^(.+):([A-Za-z]+)$/.exec(subject) ?? [];
      const ref = readRef(record);
      const use = (['crm', 'erp', 'ignore'] as const).find((each) => each === value);
      const mark = fields.one(`mark:${subject}`);
      return ref && use ? [{ is, ref, field, use, mark }] : [unknown];
    }
    if (is === 'ignore') {
      const line = lineOf(subject);
      return line ? [{ is, line }] : [unknown];
    }
    const ref = readRef(is === 'record' ? value : subject);
    if (!ref) return [unknown];
    if (is === 'unlink') return [{ is, ref }];
    return [{ is: 'link', ref, associateNo: Number(is === 'record' ? subject : value) }];
  });
}

/** A difference is let be only with a reason. */
export const needsReason = (choices: readonly Choice[], { reason }: Actor): boolean =>
  reason.trim() === '' &&
  choices.some((choice) => choice.is === 'ignore' || (choice.is === 'field' && choice.use === 'ignore'));

/** `gone:customer:C-1`, or `doubled:41+42`. */
function lineOf(subject: string): LineName | null {
  const at = subject.indexOf(':');
  const kind = RECONCILE_KINDS.find((each) => each === subject.slice(0, at));
  const name = subject.slice(at + 1);
  if (!kind) return null;
  if (/^\d+(?:\+\d+)*$/.test(name)) return { kind, record: '', associateNos: name.split('+').map(Number) };
  const ref = readRef(name);
  return ref && { kind, record: recordText(ref), associateNos: [] };
}

const nameOf = (choice: Exclude<Choice, { is: 'unknown' }>): string => {
  if (choice.is !== 'ignore') return recordText(choice.ref);
  const { record, associateNos } = choice.line;
  return record === '' ? associateNos.join(', ') : record;
};

/** One after the other, each as an act of its own; what is refused is said with its reason and stops none of the others. */
export async function settleAll(
  operations: Operations,
  choices: readonly Choice[],
  actor: Actor,
  texts: Texts,
): Promise<Settling> {
  const done: string[] = [];
  const refused: string[] = [];
  for (const choice of choices.slice(0, MOST_AT_ONCE)) {
    if (choice.is === 'unknown') {
      refused.push(`${choice.text}: ${texts.differences.noRecord}`);
      continue;
    }
    const name = nameOf(choice);
    try {
      done.push(`${name} ${await settle(operations, choice, actor, texts)}`);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { meaning, action } = texts.failures[error.code] ?? FAILURES[error.code];
      refused.push(`${name}: ${meaning} ${action}`);
    }
  }
  return { done, refused, left: Math.max(0, choices.length - MOST_AT_ONCE) };
}

async function settle(
  operations: Operations,
  choice: Exclude<Choice, { is: 'unknown' }>,
  actor: Actor,
  { differences, record }: Texts,
): Promise<string> {
  switch (choice.is) {
    case 'field': {
      const { ref, field, use, mark } = choice;
      const seen = mark === '' ? undefined : mark;
      const settled = await operations.settleField(ref, field, choiceOf(use), actor, seen);
      return `${field}: ${differences.fields[settled]}`;
    }
    case 'link': {
      const { ref, associateNo } = choice;
      if (!isAssociateNo(associateNo)) throw new Failure('link.not-found');
      await operations.link(ref, associateNo, actor);
      return record.linked(associateNo);
    }
    case 'ignore':
      await operations.letBe(choice.line, actor);
      return differences.isLetBe;
    case 'unlink':
      await operations.unlink(choice.ref, actor);
      return record.unlinked;
  }
}
