import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { SettingsError, type Environment } from './settings.ts';

const file = z.object({ Values: z.record(z.string(), z.coerce.string()).default({}) });

/**
 * The environment as Core Tools makes it: `Values` of local.settings.json are defaults under the real environment.
 * For programs outside Azure: the host on one machine and the command line. @throws SettingsError
 */
export function readEnvironment(folder: string, environment: Environment = process.env): Environment {
  const name = path.join(folder, 'local.settings.json');
  if (!existsSync(name)) return environment;
  return { ...parse(readFileSync(name, 'utf8')), ...environment };
}

function parse(text: string): Environment {
  try {
    return file.parse(JSON.parse(text)).Values;
  } catch {
    // The parser's own message quotes the text, and there may be secrets in it.
    throw new SettingsError([
      { name: 'local.settings.json', message: 'must be JSON such as {"Values": {"NAME": "text"}}' },
    ]);
  }
}
