const PREFIX = 'azurefunctionsjobhost__';

/**
 * Lays settings such as `AzureFunctionsJobHost__extensions__queues__batchSize=8` over host.json; names ignore case.
 * https://learn.microsoft.com/azure/azure-functions/functions-host-json#override-hostjson-values
 */
export function withHostJsonOverrides(
  file: unknown,
  environment: Readonly<Record<string, string | undefined>>,
): unknown {
  return Object.entries(environment)
    .filter(([name, value]) => name.toLowerCase().startsWith(PREFIX) && value !== undefined)
    .reduce((result, [name, value]) => withValue(result, name.slice(PREFIX.length).split('__'), value), file);
}

function withValue(target: unknown, keys: readonly string[], value: unknown): unknown {
  const [first, ...rest] = keys;
  if (first === undefined) return value;
  const object = typeof target === 'object' && target !== null ? { ...target } : {};
  const entries = Object.entries(object);
  const key = entries.map(([name]) => name).find((name) => name.toLowerCase() === first.toLowerCase()) ?? first;
  return { ...object, [key]: withValue(entries.find(([name]) => name === key)?.[1], rest, value) };
}
