/** What an expression can be: JSON, or a resource or module that other expressions ask for its id or outputs. */
export type Value = Json | ResourceRef | ModuleRef | readonly Value[] | { readonly [key: string]: Value };
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export const SUBSCRIPTION = '/subscriptions/00000000-0000-0000-0000-000000000000';
export const RESOURCE_GROUP = `${SUBSCRIPTION}/resourceGroups/rg-test`;

/** A resource as the deployment would send it. `name` and `type` are whole: `account/default/queue`. */
export interface Resource {
  readonly type: string;
  readonly apiVersion: string;
  readonly name: string;
  readonly id: string;
  /** Id of the resource that an extension (a role, a diagnostic setting) sits on. */
  readonly scope: string | null;
  readonly body: { [key: string]: Json };
}

export class ResourceRef {
  readonly type: string;
  readonly apiVersion: string;
  /** The names of its parents and its own, as in an id. */
  readonly path: string;
  readonly id: string;

  constructor(fields: { type: string; apiVersion: string; path: string; scope: string | null }) {
    this.type = fields.type;
    this.apiVersion = fields.apiVersion;
    this.path = fields.path;
    const [namespace = '', ...types] = fields.type.split('/');
    const names = fields.path.split('/');
    const segments = types.map((type, index) => `${type}/${names[index] ?? ''}`).join('/');
    this.id = `${fields.scope ?? RESOURCE_GROUP}/providers/${namespace}/${segments}`;
  }

  /** Its own name, as `resource.name` gives it. */
  get name(): string {
    return this.path.split('/').at(-1) ?? '';
  }
}

export class ModuleRef {
  readonly outputs: Readonly<Record<string, Value>>;

  constructor(outputs: Readonly<Record<string, Value>>) {
    this.outputs = outputs;
  }
}

/** What Azure knows only after it made the resource, in the form that Azure gives it. */
export function runtimeValue({ name }: ResourceRef, path: string): Json {
  const known: Record<string, Json> = {
    'properties.primaryEndpoints.blob': `https://${name}.blob.core.windows.net/`,
    'properties.vaultUri': `https://${name}.vault.azure.net/`,
    'properties.defaultHostName': `${name}.azurewebsites.net`,
    'properties.principalId': '00000000-0000-0000-0000-0000000000aa',
    'properties.clientId': '00000000-0000-0000-0000-0000000000bb',
    'properties.ConnectionString':
      'InstrumentationKey=00000000-0000-0000-0000-0000000000cc;IngestionEndpoint=https://x.example/',
  };
  const value = known[path];
  if (value === undefined) throw new Error(`${name}.${path}: unknown before deployment; add its form to runtimeValue`);
  return value;
}

export function toJson(value: Value): Json {
  if (value instanceof ResourceRef || value instanceof ModuleRef) throw new Error('a resource is no value');
  if (Array.isArray(value)) return value.map((item: Value) => toJson(item));
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, toJson(item)]));
  }
  return value;
}

export function toText(value: Value): string {
  if (typeof value === 'string') return value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  throw new Error(`expected text, got ${JSON.stringify(value)}`);
}
