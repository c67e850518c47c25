import type { CrmId } from '../../shared/record/index.ts';
import { refText, toAttempt, type Attempt } from './log-lines.ts';
import type { Surroundings } from './surroundings.ts';

/** Not worth a person's line: another message has done or will do it. */
const QUIET = new Set(['nothing-to-do', 'superseded', 'listed', 'early', 'left', 'folded']);

/** The ERP also tells of what this program wrote; a look at the row then finds nothing changed. */
const isOwnEcho = ({ outcome, fields = '' }: Attempt): boolean => outcome === 'looked' && fields.length === 0;

/** Says each thing that happens to a record as it happens. */
export function followChanges(surroundings: Surroundings, say: (text: string) => void): (line: string) => void {
  return (line) => {
    const attempt = toAttempt(line);
    if (attempt === null || QUIET.has(attempt.outcome) || isOwnEcho(attempt)) return;
    void numbersOf(surroundings, attempt).then((numbers) => say(toText(attempt, numbers)));
  };
}

const seenText = ({ outcome, fields = [] }: Attempt): string =>
  outcome === 'looked' ? `changed in the ERP: ${[fields].flat().join(', ')}` : outcome;

function toText(attempt: Attempt, numbers: string): string {
  const time = new Date().toTimeString().slice(0, 8);
  const what = attempt.event === 'write-back' ? `to the CRM: ${attempt.outcome}` : seenText(attempt);
  return [time, refText(attempt), what, attempt.code ?? '', numbers].filter((part) => part !== '').join('  ');
}

async function numbersOf({ runtime }: Surroundings, { kind, crmId }: Attempt): Promise<string> {
  const found = await runtime.sync.ledger.readState({ kind, crmId: crmId as CrmId }).catch(() => null);
  const { associateNo = null, customerNo = null } = found?.row ?? {};
  return [customerNo && `customer ${customerNo}`, associateNo && `actor ${associateNo}`].filter(Boolean).join(', ');
}
