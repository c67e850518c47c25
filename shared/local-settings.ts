import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import type { Environment } from './settings.ts';

const file = z.object({ Values: z.record(z.string(), z.coerce.string()).default({}) });

/**
 * The environment as Core Tools makes it: `Values` of local.settings.json are defaults under the real environment.
 * For programs outside Azure: the host on one machine and the command line.
 */
export function readEnvironment(folder: string, environment: Environment = process.env): Environment {
  const name = path.join(folder, 'local.settings.json');
  if (!existsSync(name)) return environment;
  return { ...file.parse(JSON.parse(readFileSync(name, 'utf8'))).Values, ...environment };
}
