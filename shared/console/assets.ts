import { readFile } from 'node:fs/promises';
import path from 'node:path';

export interface Asset {
  readonly text: string;
  readonly type: string;
}

const TYPES: Readonly<Record<string, string>> = {
  'console.css': 'text/css; charset=utf-8',
  'refresh.js': 'text/javascript; charset=utf-8',
};

/** The style sheet and the script, as the build put them beside the bundle; null where there is no such file. */
export function createAssets(folder: string): (name: string) => Promise<Asset | null> {
  const known = new Map<string, Asset>();
  return async (name) => {
    const type = TYPES[name];
    if (type === undefined) return null;
    const there = known.get(name);
    if (there) return there;
    const text = await readFile(path.join(folder, name), 'utf8').catch(() => null);
    if (text === null) return null;
    const asset = { text, type };
    known.set(name, asset);
    return asset;
  };
}
