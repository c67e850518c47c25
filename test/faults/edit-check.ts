import type { Owner } from './edit-fields.ts';
import { ruled } from './edit-rule.ts';
import { knew, type FieldTrace, type Side } from './edit-trace.ts';

export type Wrong = 'overwritten' | 'repeated' | 'echoed' | 'unruled' | 'misjudged';

/** What is there at the end. */
export interface FieldEnd {
  readonly crm: string;
  readonly erp: string;
  /** As it is listed; null when it is not. */
  readonly listed: string | null;
}

export interface FieldCase {
  readonly trace: FieldTrace;
  readonly end: FieldEnd;
  readonly owner: Owner;
  /** An answer was lost, so that nobody could tell whether one edit knew the other: then a person may be asked. */
  readonly isUnheard: boolean;
  /** The CRM can refuse what was decided on an older state of the record. */
  readonly hasVersions: boolean;
}

/** What is wrong with one field, in words; empty when nothing is. */
export function checkField(each: FieldCase): readonly (readonly [Wrong, string])[] {
  const wrong: (readonly [Wrong, string])[] = [];
  checkWrites(each, (is, what) => wrong.push([is, what]));
  checkEnd(each, (is, what) => wrong.push([is, what]));
  return wrong;
}

type Say = (is: Wrong, what: string) => void;

/** Every write is somebody's edit, written once, and over nothing that its author did not know of. */
function checkWrites({ trace, owner, isUnheard, hasVersions }: FieldCase, say: Say): void {
  const written = new Set<string>();
  for (const { to, value, of, over } of trace.writes) {
    const text = `${JSON.stringify(value)} to the ${to}`;
    if (!of) {
      say('echoed', `${text}, which nobody entered on the other side`);
      continue;
    }
    const key = `${to} ${of.id}`;
    // Written over before the answer came that never did: nobody can tell that it had been there.
    const isOfOwner = owner === (to === 'crm' ? 'erp' : 'crm') || (to === 'erp' && over?.value === '');
    const mayComeAgain = isUnheard && over?.side === to && isOfOwner;
    if (written.has(key) && !mayComeAgain) say('repeated', `${text}, again`);
    written.add(key);
    if (to === 'crm' && value === '') say('overwritten', `${text}: the ERP's nothing is no edit`);
    const isOwners = owner === (to === 'crm' ? 'erp' : 'crm') && value !== '';
    // Emptied in the ERP is no edit.
    const isEdit = over !== null && over.side === to && (over.value !== '' || to === 'crm');
    const isForeign = isEdit && !trace.field.same(over.value, value);
    // Without versions a CRM cannot tell that a person was faster.
    const isRace = to === 'crm' && !hasVersions;
    if (isForeign && !knew(of, over) && !isOwners && !isRace) {
      say('overwritten', `${text}, over ${JSON.stringify(over.value)}, which its author had not seen`);
    }
  }
}

function checkEnd({ trace, end, owner, isUnheard, hasVersions }: FieldCase, say: Say): void {
  const { field, last } = trace;
  const rule = ruled(trace, owner);
  const isSame = field.same(end.crm, end.erp);
  const isKept = (side: Side): boolean => last[side] === null || field.same(end[side], last[side].value);
  const isAsked = end.listed === 'conflict' && !isSame;
  const mayBeAsked = rule.is === 'asked' || trace.mayBeAsked || (isUnheard && rule.is === 'agreed');
  if (isAsked && mayBeAsked) {
    if (!isKept('crm') || !isKept('erp'))
      say('unruled', `asked about, and one side was written: ${JSON.stringify(end)}`);
    return;
  }
  if (end.listed !== null)
    say('misjudged', `listed as ${end.listed}, the rule says ${rule.is}: ${JSON.stringify(end)}`);
  switch (rule.is) {
    case 'agreed': {
      if (!isSame) say('unruled', `they should agree: ${JSON.stringify(end)}`);
      else if (rule.on !== null && !field.same(end.crm, rule.on.value)) {
        say('unruled', `both have ${JSON.stringify(end.crm)}, not ${JSON.stringify(rule.on.value)}`);
      }
      break;
    }
    case 'asked':
      // The CRM let itself be overwritten, or what it cleared was let be before.
      if (isSame && (!hasVersions || owner === 'erp') && last.erp && field.same(end.erp, last.erp.value)) break;
      say('unruled', `a person should be asked: ${JSON.stringify(end)}`);
      break;
    case 'apart':
      // Emptied before anybody had seen that both had the same, or before the answer came that never did.
      if ((trace.wasSameByChance || isUnheard) && isSame && isKept('crm')) break;
      if (!isKept('erp')) say('unruled', `nobody may write it: ${JSON.stringify(end)}`);
  }
}
