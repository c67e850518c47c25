import type { FunctionCallback, FunctionMetadata, HookCallback, HookData, ProgrammingModel } from './core-types.ts';

export interface RegisteredFunction {
  readonly id: string;
  readonly metadata: FunctionMetadata;
  readonly callback: FunctionCallback;
}

export const HOOK_NAMES = ['appStart', 'appTerminate', 'preInvocation', 'postInvocation'] as const;
export type HookName = (typeof HOOK_NAMES)[number];

/** What one app has registered: the state that the real worker keeps per app. */
export class FunctionApp {
  readonly directory: string;
  readonly functions = new Map<string, RegisteredFunction>();
  readonly hooks: Readonly<Record<HookName, HookCallback[]>> = {
    appStart: [],
    appTerminate: [],
    preInvocation: [],
    postInvocation: [],
  };
  /** Shared by all hooks, and by the two app-level hooks only. */
  readonly appHookData: HookData = {};
  readonly appLevelOnlyHookData: HookData = {};
  model: ProgrammingModel | undefined;
  /** After start no function can be added. */
  locked = false;

  constructor(directory: string) {
    this.directory = directory;
  }

  async runHooks(name: HookName, context: object): Promise<void> {
    for (const callback of this.hooks[name]) await callback(context);
  }
}
