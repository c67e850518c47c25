import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { RESOURCE_GROUP, SUBSCRIPTION, toText, type Value } from './values.ts';

export interface FunctionContext {
  readonly file: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

type BicepFunction = (args: readonly Value[], context: FunctionContext) => Value;

const digest = (args: readonly Value[]) => createHash('sha256').update(args.map(toText).join('|')).digest('hex');

/** The functions the templates use. A new one is added here, with its meaning: an unknown one is an error. */
export const FUNCTIONS: Readonly<Record<string, BicepFunction>> = {
  // Stand-ins for values that only Azure can compute: as long and as stable as the real ones.
  uniqueString: (args) => `u${digest(args)}`.slice(0, 13),
  guid: (args) => digest(args).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12}).*$/, '$1-$2-$3-$4-$5'),
  resourceGroup: () => ({ id: RESOURCE_GROUP, name: 'rg-test', location: 'norwayeast' }),
  tenant: () => ({ tenantId: '00000000-0000-0000-0000-0000000000dd' }),
  environment: () => ({
    suffixes: { storage: 'core.windows.net' },
    authentication: { loginEndpoint: 'https://login.microsoftonline.com/' },
  }),
  subscriptionResourceId: ([type, name]) => `${SUBSCRIPTION}/providers/${text(type)}/${text(name)}`,
  empty: ([value]) => value === null || sizeOf(value) === 0,
  take: ([value, count]) => text(value).slice(0, Number(count)),
  union: (args) => Object.assign({}, ...args) as Value,
  // Sorted by key, as Azure does it.
  items: ([value]) =>
    Object.entries(value as Record<string, Value>)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, item]) => ({ key, value: item })),
  loadTextContent: ([path], { file }) => readFileSync(join(dirname(file), text(path)), 'utf8'),
  readEnvironmentVariable: ([name, fallback], { environment }) => {
    const value = environment[text(name)] ?? fallback;
    if (value === undefined) throw new Error(`the environment variable ${text(name)} must be set`);
    return value;
  },
};

function text(value: Value | undefined): string {
  if (value === undefined) throw new Error('an argument is missing');
  return toText(value);
}

function sizeOf(value: Value | undefined): number {
  if (typeof value === 'string' || Array.isArray(value)) return value.length;
  if (typeof value === 'object' && value !== null) return Object.keys(value).length;
  throw new Error('empty() wants text, an array or an object');
}
