import type { Deployment, Json, Resource } from '../deployments.ts';

export const ofType = (deployment: Deployment, type: string): Resource[] =>
  deployment.predictedResources.filter((resource) => resource.type === type);

/** The only resource of a type; a template with none or two of it has changed more than a check can judge. */
export function only(deployment: Deployment, type: string): Resource {
  const [resource, ...more] = ofType(deployment, type);
  if (resource === undefined || more.length > 0)
    throw new Error(`expected one ${type}, found ${more.length + (resource ? 1 : 0)}`);
  return resource;
}

/** `properties.sku.name` inside JSON; undefined where a step is missing. */
export function at(json: Json | undefined, path: string): Json | undefined {
  let here = json;
  for (const step of path.split('.')) {
    if (typeof here !== 'object' || here === null || Array.isArray(here)) return undefined;
    here = here[step];
  }
  return here;
}

/** The text at a path; empty when there is none. */
export function textAt(json: Json | undefined, path: string): string {
  const found = at(json, path);
  return typeof found === 'string' ? found : '';
}

/** The function app's settings by name. */
export function appSettings(deployment: Deployment): Record<string, string> {
  const list = at(only(deployment, 'Microsoft.Web/sites'), 'properties.siteConfig.appSettings');
  if (!Array.isArray(list)) throw new Error('the function app has no appSettings');
  return Object.fromEntries(list.map((entry) => [textAt(entry, 'name'), textAt(entry, 'value')]));
}

/** The resource that an extension resource (a role, a lock) stands on. */
export const scopeOf = ({ id, type }: Resource): string => id.slice(0, id.indexOf(`/providers/${type}/`));

/** Every text inside JSON, with where it stands. */
export function* texts(json: Json, where = ''): Generator<readonly [where: string, text: string]> {
  if (typeof json === 'string') yield [where, json];
  else if (Array.isArray(json)) for (const [index, item] of json.entries()) yield* texts(item, `${where}[${index}]`);
  else if (json !== null && typeof json === 'object') {
    for (const [key, value] of Object.entries(json)) {
      yield [`${where} (name)`, key];
      yield* texts(value, `${where}.${key}`);
    }
  }
}
