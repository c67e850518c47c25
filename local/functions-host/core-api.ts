import type {
  FunctionCallback,
  FunctionMetadata,
  HookCallback,
  LogCategory,
  LogLevel,
  ProgrammingModel,
} from './core-types.ts';
import { Disposable } from './disposable.ts';
import { HOOK_NAMES, type FunctionApp, type HookName } from './function-app.ts';

/** The app that is loading now, and where its log lines go. */
interface Current {
  readonly app: FunctionApp;
  readonly log: (level: LogLevel, message: string) => void;
}

let current: Current | undefined;
/** The published library sets its model once per process: a second app in the same process finds it here. */
let lastModel: ProgrammingModel | undefined;

/** Registrations go to `app` from now on. One app at a time can load in a process. */
export function setCurrentApp(next: Current): void {
  current = next;
}

/** What `require('@azure/functions-core')` gives (read in Azure/azure-functions-nodejs-worker src/setupCoreModule.ts). */
export const coreApi = {
  version: '3.9.1',
  hostVersion: '4.1040.0',
  Disposable,

  registerFunction(metadata: FunctionMetadata, callback: FunctionCallback): Disposable {
    const { app } = nowLoading();
    const id = metadata.functionId ?? metadata.name;
    if (app.locked) throw systemError(new Error('A function can only be registered during app startup.'));
    if (app.functions.has(id)) {
      throw systemError(new Error(`A function with id "${id}" has already been registered.`));
    }
    app.functions.set(id, { id, metadata, callback });
    return new Disposable(() => {
      if (app.locked) throw systemError(new Error('A function can only be disposed during app startup.'));
      app.functions.delete(id);
    });
  },

  registerHook(name: string, callback: HookCallback): Disposable {
    const known = HOOK_NAMES.find((each) => each === name);
    if (known === undefined) throw systemError(new RangeError(`Unrecognized hook "${name}"`));
    return addHook(nowLoading().app, known, callback);
  },

  setProgrammingModel(model: ProgrammingModel): void {
    lastModel = model;
    nowLoading().app.model = model;
  },

  getProgrammingModel: (): ProgrammingModel | undefined => current?.app.model ?? lastModel,

  log(level: LogLevel, _category: LogCategory, message: string): void {
    current?.log(level, message);
  },
};

function addHook(app: FunctionApp, name: HookName, callback: HookCallback): Disposable {
  const hooks = app.hooks[name];
  hooks.push(callback);
  return new Disposable(() => {
    const index = hooks.indexOf(callback);
    if (index >= 0) hooks.splice(index, 1);
  });
}

function nowLoading(): Current {
  if (current === undefined) throw systemError(new Error('No function app is loading.'));
  return current;
}

/** The library tells the host's own errors from the app's by this mark. */
function systemError(error: Error): Error {
  return Object.assign(error, { isAzureFunctionsSystemError: true });
}
