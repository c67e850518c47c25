/**
 * Puts the given settings into `process.env`, where the app reads them, and gives back how to undo it. There is one
 * environment per process: hosts that need different settings run in processes of their own.
 */
export function applyEnvironment(environment: Readonly<Record<string, string | undefined>>): () => void {
  if (environment === process.env) return () => undefined;
  const before = new Map(Object.keys(environment).map((name) => [name, process.env[name]]));
  setAll(Object.entries(environment));
  return () => setAll([...before]);
}

function setAll(entries: readonly (readonly [string, string | undefined])[]): void {
  for (const [name, value] of entries) {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  }
}
