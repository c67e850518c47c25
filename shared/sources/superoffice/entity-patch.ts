// Changes of an entity as a JSON Patch whose `test` operations stop it where somebody edited the entity meanwhile:
// https://docs.superoffice.com/en/api/reference/restful/rest/Contact/v1ContactEntity_PatchContactEntity.html

/** One value of an entity: the names (or a list's index; `-`: a new one) that lead to it. */
export interface EntityChange {
  readonly path: readonly string[];
  readonly value: unknown;
}

/** A field of the event as an entity has it: one description, for reading and for writing. */
export interface EntityField<Entity> {
  readonly read: (entity: Entity) => string;
  /** The changes that make `read` give the text; null where the text cannot be told apart. */
  readonly write: (text: string, entity: Entity) => readonly EntityChange[] | null;
}

export type Operation = { readonly op: 'test' | 'replace' | 'add'; readonly path: string; readonly value: unknown };

export type Patch = { readonly operations: readonly Operation[] } | { readonly unfit: readonly string[] };

type Fields<Entity> = Readonly<Record<string, EntityField<Entity>>>;

export const readFields = <Entity>(fields: Fields<Entity>, entity: Entity): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(fields).map(([field, { read }]) => [field, read(entity)]));

/** Texts of fields → the patch after which the entity reads as them; else the fields of which it never does. */
export function patchFor<Entity extends object>(
  fields: Fields<Entity>,
  texts: Readonly<Record<string, string>>,
  entity: Entity,
): Patch {
  const unfit: string[] = [];
  const changes: EntityChange[] = [];
  for (const [field, text] of Object.entries(texts)) {
    const spec = fields[field];
    const some = spec?.write(text, entity) ?? null;
    if (!spec || some === null || spec.read(changed(entity, some)) !== text) unfit.push(field);
    else changes.push(...some);
  }
  return unfit.length > 0 ? { unfit } : { operations: operationsFor(entity, changes) };
}

function changed<Entity extends object>(entity: Entity, changes: readonly EntityChange[]): Entity {
  const copy = structuredClone(entity);
  for (const { path, value } of changes) set(copy, path, value);
  return copy;
}

function set(entity: object, path: readonly string[], value: unknown): void {
  const [name = '', ...rest] = path;
  if (Array.isArray(entity) && name === '-') entity.push(value);
  else if (rest.length === 0) Reflect.set(entity, name, value);
  else {
    const inner: unknown = Reflect.get(entity, name);
    const next: object = isObject(inner) ? inner : rest[0] === '-' ? [] : {};
    Reflect.set(entity, name, next);
    set(next, rest, value);
  }
}

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const at = (entity: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>((inner, name) => (isObject(inner) ? Reflect.get(inner, name) : undefined), entity);

const pointer = (path: readonly string[]): string => path.map((name) => `/${name}`).join('');

/** What is there is tested first; what has nothing to stand in comes with it, whole. */
function operationsFor(entity: object, changes: readonly EntityChange[]): readonly Operation[] {
  const after = changed(entity, changes);
  const operations = changes.flatMap(({ path, value }): Operation[] => {
    const before = at(entity, path);
    if (typeof before === 'string') {
      return [
        { op: 'test', path: pointer(path), value: before },
        { op: 'replace', path: pointer(path), value },
      ];
    }
    const missing = path.findIndex((_, index) => !isObject(at(entity, path.slice(0, index))));
    const whole = missing < 0 ? path : path.slice(0, missing);
    return [{ op: 'add', path: pointer(whole), value: missing < 0 ? value : at(after, whole) }];
  });
  // Several values in one missing part are one operation.
  return [...new Map(operations.map((each) => [`${each.op} ${each.path}`, each])).values()];
}
