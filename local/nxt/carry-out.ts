import { type ExecutionResult, GraphQLError } from 'graphql';
import type { Call } from './call.ts';
import type { Operation } from './operation.ts';
import { carryOut } from './schema.ts';
import { newTraceId, type Sandbox } from './state.ts';
import { READ_ONLY_SCOPE, type Token } from './tokens.ts';

/** One member of a request with its place in progress, if it got one or needs none. */
export interface Admitted {
  readonly operation: Operation;
  readonly full: boolean;
}

/** HTTP 200 with this code (verified in a public client's tests). */
function outstanding({ settings: { companyNo, maxInProgress } }: Sandbox): ExecutionResult {
  const message = `Company ${companyNo} has ${maxInProgress} requests in progress. Limit is ${maxInProgress}.`;
  return {
    errors: [new GraphQLError(message, { extensions: { code: 'OUTSTANDING_LIMIT_EXCEEDED', limit: maxInProgress } })],
    data: { useCompany: null },
  };
}

async function answer({ operation, full }: Admitted, token: Token, sandbox: Sandbox): Promise<ExecutionResult> {
  const { document, refused, chosen, variables } = operation;
  if (document === undefined || refused.length > 0) return { errors: refused };
  if (full) {
    sandbox.requests.count('outstandingLimit');
    return outstanding(sandbox);
  }
  const { store, columns, settings, faults, requests, schema, tableChanges } = sandbox;
  const call: Call = {
    store,
    columns,
    settings,
    clientId: token.clientId,
    readOnly: token.scope === READ_ONLY_SCOPE,
    rawVariables: variables,
    errors: [],
    warnings: [],
    refusal: (kind, row) => faults.refusal(kind, row),
    wrote: (kind, row) => {
      requests.wrote(kind, row);
      tableChanges.note({ kind, row, user: token.clientId });
    },
  };
  return carryOut(schema, document, chosen, call);
}

/** Carries the members out one after the other; whether the real service does so is not known. */
export async function answerAll(
  admitted: readonly Admitted[],
  token: Token,
  sandbox: Sandbox,
): Promise<readonly ExecutionResult[]> {
  const answers: ExecutionResult[] = [];
  for (const member of admitted) {
    const result = await answer(member, token, sandbox);
    answers.push({ ...result, extensions: { 'vbnxt-trace-id': newTraceId(), ...result.extensions } });
  }
  return answers;
}
