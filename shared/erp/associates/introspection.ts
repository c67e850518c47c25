import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Transport } from '../http/transport.ts';

/** A field of `Associate`, with the SQL name from its description (`[PK] Column "ActNo" (4028)`). */
export interface SchemaField {
  readonly name: string;
  readonly sqlName?: string;
  /** Named type without wrappers, such as `Int`. */
  readonly type: string;
  readonly writable: boolean;
}

/** What the program needs to know of a company's schema. */
export interface AssociateSchema {
  readonly fields: readonly SchemaField[];
  /** Columns with an interval in `Suggest_Associate_Input`. */
  readonly suggestible: readonly string[];
  /** Mutations whose `onError` knows FAIL_TABLE, and whether create takes `suggest`. */
  readonly createHasSuggest: boolean;
  readonly createFailsWhole: boolean;
  readonly updateFailsWhole: boolean;
}

/**
 * One request for everything. `Mutation_UseCompany` is the documented type of `useCompany` under the mutation root.
 * https://docs.vismasoftware.no/businessnxtapi/ (introspection works with a service token)
 */
export const INTROSPECTION = `
query associate_schema {
  row: __type(name: "Associate") { fields { name description type { ...named } } }
  input: __type(name: "Associate_Input") { inputFields { name } }
  suggest: __type(name: "Suggest_Associate_Input") { inputFields { name type { ...named } } }
  mutation: __type(name: "Mutation_UseCompany") { ...context }
}
fragment named on __Type { kind name ofType { kind name ofType { kind name } } }
fragment context on __Type {
  fields { name args { name type { name enumValues { name } ofType { name enumValues { name } } } } }
}`;

interface TypeRef {
  readonly kind: string;
  readonly name?: string | null | undefined;
  readonly ofType?: TypeRef | null | undefined;
}
const typeRef: z.ZodType<TypeRef> = z.lazy(() =>
  z.object({ kind: z.string(), name: z.string().nullish(), ofType: typeRef.nullish() }),
);
const enumType = z.object({ enumValues: z.array(z.object({ name: z.string() })).nullish() });
const argument = z.object({ name: z.string(), type: enumType.extend({ ofType: enumType.nullish() }) });
const context = z.object({ fields: z.array(z.object({ name: z.string(), args: z.array(argument) })).nullish() });

const shape = z.object({
  row: z.object({
    fields: z.array(z.object({ name: z.string(), description: z.string().nullish(), type: typeRef })),
  }),
  input: z.object({ inputFields: z.array(z.object({ name: z.string() })) }),
  suggest: z.object({ inputFields: z.array(z.object({ name: z.string(), type: typeRef })).nullish() }).nullish(),
  mutation: context,
});

/** Throws `erp.schema` when the answer has no table of that name. */
export async function introspect(transport: Transport): Promise<AssociateSchema> {
  const answer = await transport.ask({ name: 'associate_schema', document: INTROSPECTION, variables: {} });
  const parsed = shape.safeParse(answer.fields);
  if (!parsed.success) throw new Failure('erp.schema', { detail: 'Associate, Associate_Input or Mutation_UseCompany' });
  const { row, input, suggest, mutation } = parsed.data;
  const writable = new Set(input.inputFields.map((field) => field.name));
  const mutations = mutation.fields ?? [];
  const argumentsOf = (name: string) => mutations.find((field) => field.name === name)?.args ?? [];
  const failsWhole = (name: string) => {
    const type = argumentsOf(name).find((each) => each.name === 'onError')?.type;
    const values = type?.enumValues ?? type?.ofType?.enumValues ?? [];
    return values.some((value) => value.name === 'FAIL_TABLE');
  };
  const missing = ['associate_create', 'associate_update', 'associate_delete'].filter(
    (name) => !mutations.some((field) => field.name === name),
  );
  if (missing.length > 0) throw new Failure('erp.schema', { detail: missing.join(', ') });
  return {
    fields: row.fields.map(({ name, description, type }) => ({
      name,
      ...sqlNameIn(description ?? ''),
      type: named(type),
      writable: writable.has(name),
    })),
    suggestible: (suggest?.inputFields ?? []).filter((field) => isInput(field.type)).map((field) => field.name),
    createHasSuggest: argumentsOf('associate_create').some((each) => each.name === 'suggest'),
    createFailsWhole: failsWhole('associate_create'),
    updateFailsWhole: failsWhole('associate_update'),
  };
}

function sqlNameIn(description: string): { sqlName?: string } {
  const sqlName = /Column "(\w+)"/.exec(description)?.[1];
  return sqlName === undefined ? {} : { sqlName };
}

function named(type: TypeRef): string {
  return type.ofType ? named(type.ofType) : (type.name ?? '');
}

function isInput(type: TypeRef): boolean {
  return type.ofType ? isInput(type.ofType) : type.kind === 'INPUT_OBJECT';
}
