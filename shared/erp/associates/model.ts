import * as z from 'zod';
import { Failure } from '../../failure.ts';
import type { Operation, Transport } from '../http/transport.ts';

/*
 * The model's own description of its columns (`useModel`): the second source of SQL names, asked only when the schema's
 * descriptions lack one. That tables and columns with `identifier` and `sqlName` exist is documented, their arguments are
 * not, so the query is written from what introspection says.
 * https://docs.vismasoftware.no/businessnxtapi/apireference/schema/modelinfo/
 */

const ASSOCIATE_TABLE_NO = 152;

interface TypeRef {
  readonly kind: string;
  readonly name?: string | null | undefined;
  readonly ofType?: TypeRef | null | undefined;
}
const typeRef: z.ZodType<TypeRef> = z.lazy(() =>
  z.object({ kind: z.string(), name: z.string().nullish(), ofType: typeRef.nullish() }),
);
const described = z.object({
  type: z
    .object({
      fields: z
        .array(
          z.object({ name: z.string(), args: z.array(z.object({ name: z.string(), type: typeRef })), type: typeRef }),
        )
        .nullish(),
    })
    .nullish(),
});
type Field = NonNullable<NonNullable<z.infer<typeof described>['type']>['fields']>[number];

const DESCRIBE = `query associate_model_type($name: String!) {
  type: __type(name: $name) { fields { name args { name type { ...named } } type { ...named } } }
}
fragment named on __Type { kind name ofType { kind name ofType { kind name ofType { kind name } } } }`;

/** SQL name by GraphQL name in lower case; empty where the model cannot be asked. */
export async function readModel(transport: Transport): Promise<ReadonlyMap<string, string>> {
  try {
    const path = await pathToColumns(transport);
    if (path === null) return new Map();
    const document = `query associate_model { ${path} }`;
    return namesIn((await transport.ask(asked({ name: 'associate_model', document, variables: {} }))).fields);
  } catch (error) {
    // Whatever it does not like, a setting can name the column; an ERP that is away is another matter.
    if (error instanceof Failure && (error.scope === 'record' || error.code === 'erp.schema')) return new Map();
    throw error;
  }
}

/** It says nothing about the flow when the model is not as expected. */
const asked = (operation: Operation): Operation => ({ ...operation, isJudged: true });

async function pathToColumns(transport: Transport): Promise<string | null> {
  const fieldsOf = async (name: string): Promise<readonly Field[]> => {
    const { fields } = await transport.ask(
      asked({ name: 'associate_model_type', document: DESCRIBE, variables: { name } }),
    );
    return described.safeParse(fields).data?.type?.fields ?? [];
  };
  const step = async (fields: readonly Field[], name: string) => {
    const field = fields.find((each) => each.name === name);
    const call = field && callOf(field);
    return call === undefined || field === undefined ? null : { call, fields: await fieldsOf(named(field.type)) };
  };
  const model = await step(await fieldsOf('Query'), 'useModel');
  if (model === null) return null;
  const direct = await step(model.fields, 'columns');
  const tables = direct === null ? await step(model.fields, 'tables') : null;
  const nested = tables && (await step(tables.fields, 'columns'));
  const columns = direct ?? nested;
  if (columns === null || !['identifier', 'sqlName'].every((name) => columns.fields.some((each) => each.name === name)))
    return null;
  const tableNo = (fields: readonly Field[]) => (fields.some(({ name }) => name === 'tableNo') ? 'tableNo ' : '');
  const leaf = `${columns.call} { ${tableNo(columns.fields)}identifier sqlName }`;
  const inside = tables === null ? leaf : `${tables.call} { ${tableNo(tables.fields)}identifier ${leaf} }`;
  return `${model.call} { ${inside} }`;
}

/** The field with the table's number where it takes one; undefined when it needs what is not known here. */
function callOf({ name, args }: Field): string | undefined {
  const needed = args.filter(({ type }) => type.kind === 'NON_NULL').map((each) => each.name);
  const table = args.find((each) => each.name === 'tableNo' && named(each.type) === 'Int');
  if (needed.some((each) => each !== table?.name)) return undefined;
  return table === undefined ? name : `${name}(tableNo: ${ASSOCIATE_TABLE_NO})`;
}

const column = z.object({ identifier: z.string(), sqlName: z.string().nullish(), tableNo: z.int().nullish() });
const table = z.object({
  identifier: z.string().nullish(),
  tableNo: z.int().nullish(),
  columns: z.array(column),
});
const answer = z.object({
  useModel: z.union([z.object({ columns: z.array(column) }), z.object({ tables: z.array(table) })]),
});

function namesIn(fields: unknown): ReadonlyMap<string, string> {
  const model = answer.safeParse(fields).data?.useModel;
  if (model === undefined) return new Map();
  const isAssociate = ({ identifier, tableNo }: z.infer<typeof table>) =>
    tableNo === ASSOCIATE_TABLE_NO || identifier === 'Associate';
  const columns = 'columns' in model ? model.columns : model.tables.filter(isAssociate).flatMap((each) => each.columns);
  const own = columns.filter(
    ({ tableNo }) => tableNo === undefined || tableNo === null || tableNo === ASSOCIATE_TABLE_NO,
  );
  return new Map(own.flatMap(({ identifier, sqlName }) => (sqlName ? [[identifier.toLowerCase(), sqlName]] : [])));
}

function named(type: TypeRef): string {
  return type.ofType ? named(type.ofType) : (type.name ?? '');
}
