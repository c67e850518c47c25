import { registerHooks } from 'node:module';
import { coreApi } from './core-api.ts';

const CORE_MODULE = '@azure/functions-core';
const KEY = Symbol.for('local.azure-functions-core');
const CORE_MODULE_URL = new URL('core-module.cjs', import.meta.url).href;

let provided = false;

/**
 * Makes `@azure/functions-core` exist. It is no package: the worker makes it up at run time, and the library asks for it
 * with `require`. A resolve hook catches `require`, `createRequire` (the library inside an ESM bundle) and `import` alike.
 */
export function provideCoreModule(): void {
  if (provided) return;
  provided = true;
  Object.defineProperty(globalThis, KEY, { value: coreApi, configurable: true });
  registerHooks({
    resolve: (specifier, context, next) =>
      specifier === CORE_MODULE
        ? { url: CORE_MODULE_URL, format: 'commonjs', shortCircuit: true }
        : next(specifier, context),
  });
}
