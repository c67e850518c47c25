import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const FOLDER = 'mappings';
const MOST_LEVELS = 5;

/** The JSON that `CRM_MAPPING` means: itself, or a file in the folder `mappings`; else what is wrong with it. */
export function loadMapping(setting: string): { readonly json: unknown } | { readonly problem: string } {
  const isInline = setting.trimStart().startsWith('{');
  const text = isInline ? setting : readNamed(setting.trim());
  if (text === null) return { problem: `there is no ${FOLDER}/${nameOf(setting.trim())} in the package` };
  try {
    return { json: JSON.parse(text) };
  } catch {
    return { problem: 'not JSON' };
  }
}

/** A name without its ending is enough. Whatever leads out of the folder is no name. */
const nameOf = (name: string): string =>
  /^[\w-]{1,60}(?:\.json)?$/.test(name) ? `${name.replace(/\.json$/, '')}.json` : '<name>.json';

function readNamed(name: string): string | null {
  // From the source tree or from the bundle: the package's root is a few levels up.
  for (let at = import.meta.dirname, level = 0; level < MOST_LEVELS; at = path.dirname(at), level += 1) {
    const file = path.join(at, FOLDER, nameOf(name));
    if (existsSync(file)) return readFileSync(file, 'utf8');
  }
  return null;
}
