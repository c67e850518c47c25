import { glob, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { setCurrentApp } from './core-api.ts';
import type { LogLevel } from './core-types.ts';
import { FunctionApp } from './function-app.ts';
import { nativeImport } from './native-import.ts';
import { provideCoreModule } from './provide-core-module.ts';

const packageJson = z.object({ main: z.string().min(1), type: z.string().optional() });

let loads = 0;

/**
 * Loads every file that `package.json#main` (a path or a glob) names and returns what they registered. As in Azure from
 * Node 20 on, an entry file that throws stops the app. Each load evaluates the entry files anew.
 */
export async function loadApp(
  directory: string,
  log: (level: LogLevel, message: string) => void,
): Promise<FunctionApp> {
  provideCoreModule();
  const app = new FunctionApp(directory);
  setCurrentApp({ app, log });
  const { main, type } = packageJson.parse(JSON.parse(await readFile(path.join(directory, 'package.json'), 'utf8')));
  const files: string[] = [];
  for await (const file of glob(path.posix.normalize(main), { cwd: directory })) files.push(file);
  files.sort();
  if (files.length === 0) throw new Error(`package.json#main "${main}" matches no file in ${directory}; build the app`);
  for (const file of files) {
    try {
      await loadFile(path.join(directory, file), type === 'module');
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new Error(`unable to load entry point "${file}": ${reason}`, { cause: error });
    }
  }
  return app;
}

async function loadFile(file: string, packageIsModule: boolean): Promise<void> {
  const isModule = file.endsWith('.mjs') || (!file.endsWith('.cjs') && packageIsModule);
  if (isModule) {
    loads += 1;
    await nativeImport(`${pathToFileURL(file).href}?load=${loads}`);
  } else {
    const require = createRequire(import.meta.url);
    Reflect.deleteProperty(require.cache, require.resolve(file));
    require(file);
  }
}
