import { z } from 'zod';

const operations = z.array(
  z.object({ op: z.enum(['test', 'replace', 'add']), path: z.string().startsWith('/'), value: z.unknown() }),
);

type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

/**
 * RFC 6902, as far as SuperOffice knows it and this program uses it. The patched fields; else the status: 409 where a test
 * fails, 400 for what leads nowhere.
 */
export function patchEntity(fields: Fields, body: unknown): Record<string, unknown> | 400 | 409 {
  const patch = operations.safeParse(body);
  if (!patch.success) return 400;
  const entity: Record<string, unknown> = structuredClone({ ...fields });
  for (const { op, path, value } of patch.data) {
    const names = path.slice(1).split('/');
    const last = names.pop() ?? '';
    const parent = names.reduce<unknown>(
      (inner, name) => (isObject(inner) ? Reflect.get(inner, name) : undefined),
      entity,
    );
    if (!isObject(parent)) return 400;
    const before: unknown = Reflect.get(parent, last);
    if (op === 'test' && before !== value) return 409;
    if (op === 'replace' && before === undefined) return 400;
    if (op === 'add' && Array.isArray(parent) && last === '-') parent.push(value);
    else if (op !== 'test') Reflect.set(parent, last, value);
  }
  return entity;
}
