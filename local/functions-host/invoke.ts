import { randomUUID } from 'node:crypto';
import { coreApi } from './core-api.ts';
import type {
  CoreInvocationContext,
  HookData,
  InvocationResponse,
  LogCategory,
  LogLevel,
  TraceContext,
  TypedData,
} from './core-types.ts';
import type { FunctionApp, RegisteredFunction } from './function-app.ts';

/** What a trigger hands over: the value for the trigger binding and what is known about it. */
export interface TriggerData {
  readonly input: TypedData;
  readonly triggerMetadata: Readonly<Record<string, TypedData>>;
  readonly traceContext: TraceContext;
  /** Where it is already known by another way than the invocation itself. */
  readonly invocationId?: string;
}

export interface Invocation extends TriggerData {
  readonly app: FunctionApp;
  readonly fn: RegisteredFunction;
  readonly bindingName: string;
  readonly invocationId: string;
  readonly log: (level: LogLevel, category: LogCategory, message: string) => void;
}

/**
 * Runs one function once, in the order of the real worker (Azure/azure-functions-nodejs-worker
 * src/eventHandlers/InvocationHandler.ts): arguments, hooks before, function, hooks after, response. Throws what the
 * function threw, unless a hook took the error away.
 */
export async function invoke(invocation: Invocation): Promise<InvocationResponse> {
  const { app, fn } = invocation;
  const model = app.model ?? coreApi.getProgrammingModel();
  if (model === undefined) throw new Error('the app set no programming model: does it import @azure/functions?');

  const coreContext = newCoreContext(invocation);
  const invocationModel = await model.getInvocationModel(coreContext);
  const { context, inputs } = await invocationModel.getArguments();

  const shared: HookContextBase = { hookData: {}, appHookData: app.appHookData, invocationContext: context };
  const before = { ...shared, inputs, functionCallback: fn.callback };
  await during('preInvocationHooks', coreContext, () => app.runHooks('preInvocation', before));

  const after: HookContextBase & { inputs: unknown[]; result: unknown; error: unknown } = {
    ...shared,
    inputs: before.inputs,
    result: null,
    error: null,
  };
  await during('invocation', coreContext, async () => {
    try {
      after.result = await invocationModel.invokeFunction(context, before.inputs, before.functionCallback);
    } catch (error) {
      after.error = error;
    }
  });
  await during('postInvocationHooks', coreContext, () => app.runHooks('postInvocation', after));

  if (after.error !== null && after.error !== undefined) throw asError(after.error);
  return invocationModel.getResponse(context, after.result);
}

interface HookContextBase {
  readonly hookData: HookData;
  readonly appHookData: HookData;
  readonly invocationContext: unknown;
}

function newCoreContext(invocation: Invocation): CoreInvocationContext {
  const { fn, bindingName, input, triggerMetadata, traceContext, invocationId } = invocation;
  return {
    invocationId,
    metadata: fn.metadata,
    request: {
      invocationId,
      functionId: fn.id,
      inputData: [{ name: bindingName, data: input }],
      triggerMetadata: {
        ...triggerMetadata,
        sys: { json: JSON.stringify({ MethodName: fn.metadata.name, UtcNow: new Date(), RandGuid: randomUUID() }) },
      },
      traceContext,
    },
    state: undefined,
    log: invocation.log,
  };
}

async function during(
  state: NonNullable<CoreInvocationContext['state']>,
  coreContext: CoreInvocationContext,
  work: () => Promise<void>,
): Promise<void> {
  coreContext.state = state;
  try {
    await work();
  } finally {
    coreContext.state = undefined;
  }
}

function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error('the function threw a value that is no Error', { cause: thrown });
}
