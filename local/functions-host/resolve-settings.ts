/**
 * Replaces each `%NAME%` of a binding expression by the setting of that name, as the host does in queue names, schedules
 * and routes. A setting that is missing stops the start: the name says which.
 */
export function resolveSettings(text: string, environment: Readonly<Record<string, string | undefined>>): string {
  return text.replaceAll(/%([^%\s]+)%/g, (_whole, name: string) => {
    const value = environment[name];
    if (value === undefined) throw new Error(`the setting ${name}, named by "${text}", is missing`);
    return value;
  });
}
