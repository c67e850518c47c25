import { createInterface } from 'node:readline/promises';
import { isAssociateNo } from '../../shared/record/index.ts';
import { REQUESTERS, type Customer, type PersonQuery, type Request } from '../../shared/rights/index.ts';
import { UsageError } from '../context.ts';
import { recordOf } from '../selection.ts';
import type { CaseFlags, PersonFlags } from './privacy-flags.ts';

const HOW = 'name one person: a record (contact:P-2001), --actor, --email, --phone, or --name with --customer';

/** @throws UsageError unless exactly one way of naming a person is given */
export async function toQuery(record: string | undefined, flags: PersonFlags): Promise<PersonQuery> {
  const { actor, email, phone, name } = flags;
  if ([record, actor, email, phone, name].filter((each) => each !== undefined).length !== 1) {
    throw new UsageError(`error: ${HOW}`);
  }
  if (record !== undefined) return { by: 'record', ref: contactOf(record) };
  if (actor !== undefined && isAssociateNo(actor)) return { by: 'actor-number', associateNo: actor };
  if (email !== undefined) return { by: 'email', text: await given(email, 'E-mail address') };
  if (phone !== undefined) return { by: 'phone', text: await given(phone, 'Phone number') };
  if (name !== undefined && flags.customer !== undefined) {
    return { by: 'name', text: await given(name, 'Name'), customer: customerOf(flags.customer) };
  }
  throw new UsageError(`error: ${HOW}`);
}

/** Persons are contacts: a customer's row is accounting's, and bookkeeping law says how long it stays. */
export function contactOf(text: string): ReturnType<typeof recordOf> {
  const ref = recordOf(text);
  if (ref.kind === 'contact') return ref;
  throw new UsageError(
    'error: a customer is not a person here: its row is accounting’s (docs/privacy.md says what can be done)',
  );
}

function customerOf(text: string): Customer {
  const no = Number(text);
  if (isAssociateNo(no)) return { crmId: null, associateNo: no };
  const ref = recordOf(text.includes(':') ? text : `customer:${text}`);
  return { crmId: ref.crmId, associateNo: null };
}

/** A value that is asked for stands in no shell history and no list of processes. */
async function given(text: string, question: string): Promise<string> {
  if (text !== '-') return text;
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await terminal.question(`${question}: `)).trim();
  } finally {
    terminal.close();
  }
}

/** @throws UsageError */
export function toRequest({ requester, case: reference = '' }: CaseFlags): Request {
  const known = REQUESTERS.find((each) => each === requester);
  if (known === undefined) throw new UsageError(`error: --requester is one of ${REQUESTERS.join(', ')}`);
  if (!/^[\w./-]{0,40}$/u.test(reference)) {
    throw new UsageError('error: --case takes letters, digits and . / - _ : it stands in receipts, where no name may');
  }
  return { requester: known, reference };
}
