import { Failure, FAILURES, type FailureCode } from '../../shared/failure.ts';
import type { Columns } from '../../shared/erp/index.ts';
import type { Engine } from '../../shared/engine.ts';
import { bad, note, ok, type Check } from './check.ts';

/** Token, schema and company, in the order in which each needs the one before. */
export async function checkErp({ erp, settings }: Engine): Promise<readonly Check[]> {
  const schema = await attempt(() => erp.schema());
  if (schema instanceof Failure) return whereItStopped(schema);
  const checks = [ok('token', 'Visma Connect gives one'), ...schemaChecks(schema)];
  const company = await attempt(() => erp.probe());
  const name = `company ${settings.NXT_COMPANY_NO}`;
  if (company instanceof Failure) return [...checks, failed(name, company)];
  return [...checks, ok(name, 'can be read'), ...(await checkNumbers({ erp, settings }))];
}

async function attempt<T>(work: () => Promise<T>): Promise<T | Failure> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
}

const failed = (name: string, { code, details }: Failure): Check =>
  bad(
    name,
    `${code}: ${FAILURES[code].meaning}${details.detail === undefined ? '' : ` (${details.detail})`}`,
    // The schema's own action is to run this command.
    code === 'erp.schema' ? 'name the right column in the setting in brackets, or ask Visma about it' : actionFor(code),
  );

/** What is nothing to do for the running sync may be a wrong address at a desk. */
const AT_A_DESK: Partial<Record<FailureCode, string>> = {
  'erp.unreachable': 'check NXT_GRAPHQL_URL and the network; where both are right, Visma is away: see its status page',
  'erp.timeout': 'check NXT_GRAPHQL_URL and the network; where both are right, Visma is slow: see its status page',
  'erp.unavailable': 'check NXT_GRAPHQL_URL; where it is right, Visma has trouble: see its status page',
  'token.unreachable': 'check VISMA_TOKEN_URL and the network; where both are right, see Visma’s status page',
};

const actionFor = (code: FailureCode): string => AT_A_DESK[code] ?? FAILURES[code].action;

function whereItStopped(failure: Failure): readonly Check[] {
  const isToken = failure.code.startsWith('token.') || failure.code.startsWith('secrets.');
  if (isToken) return [failed('token', failure), note('schema, company', 'not looked at: there is no token')];
  return [
    ok('token', 'Visma Connect gives one'),
    failed('schema', failure),
    note('company', 'not looked at: the schema comes first'),
  ];
}

function schemaChecks({
  by,
  defaults,
  suggestsNumbers,
  createFailsWhole,
  updateFailsWhole,
  warnings,
}: Columns): Check[] {
  const columns = Object.values(by).map(({ name, sqlName }) => `${sqlName ?? '(by its documented name)'} → ${name}`);
  const constants = [...defaults.customer, ...defaults.contact].map(({ column }) => column);
  const yesNo = (is: boolean): string => (is ? 'offered' : 'not offered');
  return [
    ok('schema', `every column the program needs: ${columns.join(', ')}`),
    ok('schema: suggest on create', yesNo(suggestsNumbers)),
    ok('schema: onError FAIL_TABLE', `create ${yesNo(createFailsWhole)}, update ${yesNo(updateFailsWhole)}`),
    ok(
      'defaults',
      constants.length === 0
        ? 'none set; NXT_CUSTOMER_DEFAULTS and NXT_CONTACT_DEFAULTS can name payment terms, VAT code, group …'
        : `valid: ${constants.join(', ')}`,
    ),
    ...warnings.map((warning) => note('schema', warning)),
  ];
}

/** How much of the interval is left; only where one is set. */
async function checkNumbers({ erp, settings }: Pick<Engine, 'erp' | 'settings'>): Promise<readonly Check[]> {
  const { NXT_CUSTOMER_NUMBER_FROM: from, NXT_CUSTOMER_NUMBER_TO: to } = settings;
  if (from === undefined || to === undefined) return [note('customer numbers', 'no interval set: the ERP suggests')];
  const highest = await attempt(() => erp.highestCustomerNo({ from, to }));
  if (highest instanceof Failure) return [failed('customer numbers', highest)];
  const left = to - Math.max(highest, from - 1);
  const detail = `${left} left of ${from}–${to}`;
  return [
    left > 0
      ? ok('customer numbers', detail)
      : bad('customer numbers', detail, 'widen NXT_CUSTOMER_NUMBER_FROM … NXT_CUSTOMER_NUMBER_TO'),
  ];
}
