import { randomUUID } from 'node:crypto';
import type { AssociateNo } from '../../../shared/record/index.ts';
import { Failure, type FailureCode } from '../../../shared/failure.ts';
import { createAssociates } from '../../../shared/erp/index.ts';
import { systemClock, type Clock, type Gate, type NewRow, type RowValues } from '../../../shared/erp/index.ts';
import { createLocalGate } from '../../kit/local-gate.ts';
import { Personal } from '../../../shared/privacy/index.ts';
import { startNxtSandbox, type NxtSandbox } from '../../../local/nxt/index.ts';
import type { NxtDeps, NxtSettings } from '../../../shared/erp/associates/associates.ts';
import type { RequestLine } from '../../../shared/erp/http/transport.ts';

export const associateNo = (no: number) => no as AssociateNo;
export const yes = async () => true;

/** Limits that hold for one test alone. */
export const ownGate = (clock: Clock = systemClock): Gate =>
  createLocalGate({ requestsPerMinute: 500, inProgress: 10, clock });

export const SETTINGS: NxtSettings = {
  VISMA_TOKEN_URL: 'https://connect.example/connect/token',
  VISMA_SCOPE: 'business-graphql-service-api:access-group-based',
  VISMA_TENANT_ID: undefined,
  NXT_GRAPHQL_URL: 'https://nxt.example/api/graphql-service',
  NXT_COMPANY_NO: 1_234_567,
  NXT_CUSTOMER_NUMBER_FROM: 10_000,
  NXT_CUSTOMER_NUMBER_TO: 19_999,
  NXT_CUSTOMER_DEFAULTS: {},
  NXT_CONTACT_DEFAULTS: {},
  NXT_EXTERNAL_ID_COLUMN: 'externalId',
  NXT_CONTACT_FOR_COLUMN: undefined,
  NXT_DELIVERY_COLUMN: undefined,
  NXT_PERSONAL_COLUMNS: undefined,
  NXT_ON_CUSTOMER_DELETED: 'keep',
  NXT_CUSTOMER_DELETED_COLUMN: 'Inf8',
  NXT_TIMEOUT_SECONDS: 30,
};

export const CREDENTIALS = { clientId: 'isv_sandbox', clientSecret: 'sandbox-secret' };

type SandboxOptions = NonNullable<Parameters<typeof startNxtSandbox>[0]>;

/** A sandbox and the program's view of it. `lines` are what the log would get. */
export async function openSandbox(
  options: SandboxOptions = {},
  settings: Partial<NxtSettings> = {},
  deps: Partial<NxtDeps> = {},
) {
  const sandbox: NxtSandbox = await startNxtSandbox(options);
  const lines: RequestLine[] = [];
  const associates = createAssociates({
    settings: {
      ...SETTINGS,
      VISMA_TOKEN_URL: sandbox.tokenUrl,
      NXT_GRAPHQL_URL: sandbox.graphqlUrl,
      NXT_COMPANY_NO: sandbox.companyNo,
      ...settings,
    },
    gate: ownGate(deps.clock),
    credentials: async () => CREDENTIALS,
    refreshCredentials: async () => CREDENTIALS,
    onRequest: (line) => lines.push(line),
    ...deps,
  });
  return {
    sandbox,
    associates,
    lines,
    /** Names of the operations sent so far, the schema's aside. */
    sent: () => lines.map((line) => line.operation).filter((name) => name !== 'associate_schema'),
    [Symbol.asyncDispose]: () => sandbox.stop(),
  };
}

export function customer(values: Omit<RowValues, 'name'> & { readonly name?: string } = {}): NewRow {
  const { name = 'Kunde AS', ...rest } = values;
  const externalId = `crm:customer:${randomUUID()}`;
  return { kind: 'customer', values: { externalId, name: new Personal(name), ...rest } };
}

export function contact(contactFor: number, name = 'Kari Nordmann'): NewRow {
  return {
    kind: 'contact',
    values: { externalId: `crm:contact:${randomUUID()}`, contactFor, name: new Personal(name) },
  };
}

/** The code of the `Failure` a promise rejects with; anything else fails the test. */
export async function failureOf(promise: Promise<unknown>): Promise<Failure> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Failure) return error;
    throw error;
  }
  throw new Error('expected a Failure');
}

export async function codeOf(promise: Promise<unknown>): Promise<FailureCode> {
  return (await failureOf(promise)).code;
}
