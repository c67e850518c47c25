import {
  buildSchema,
  defaultFieldResolver,
  execute,
  type DocumentNode,
  type ExecutionResult,
  GraphQLError,
  type GraphQLFieldResolver,
  type GraphQLResolveInfo,
  type GraphQLSchema,
} from 'graphql';
import type { Call } from './call.ts';
import { type Columns, EMPTY_ROW, type SandboxRow } from './columns.ts';
import { createRows } from './create.ts';
import { deleteRows } from './delete.ts';
import { rowTest } from './filter.ts';
import type { Settings } from './options.ts';
import { type OrderBy, type Page, type PageArguments, pageOf, sorted } from './page.ts';
import { schemaText } from './sdl.ts';
import { updateRows } from './update.ts';

const built = new Map<string, GraphQLSchema>();

/** Sandboxes whose schema reads the same share it: a process that starts many builds few. */
export function sandboxSchema(columns: Columns, settings: Settings): GraphQLSchema {
  const text = schemaText(columns, settings);
  const schema = built.get(text) ?? buildSchema(text);
  built.set(text, schema);
  return schema;
}

interface ReadArguments extends PageArguments {
  readonly filter?: object | null;
  readonly orderBy?: readonly OrderBy[] | null;
}

function read(args: ReadArguments, { store, columns, settings }: Call): Page {
  const rows = store.all().filter(rowTest(args.filter, columns));
  return pageOf(sorted(rows, args.orderBy ?? [], columns), args, settings);
}

const COMPANY = {
  associate: read,
  associate_create: createRows,
  associate_update: updateRows,
  associate_delete: deleteRows,
};

const ASSOCIATE_TABLE_NO = 152;

/** Verified form of the message; it was reworded twice, so a client must not match on it. */
function noAccess(no: number): typeof COMPANY {
  const refuse = (): never => {
    throw new GraphQLError(
      `Error: Could not get authorize user using VismaNetCompanyId: ${no}. Description: External integration error. Status: 18.`,
    );
  };
  return { associate: refuse, associate_create: refuse, associate_update: refuse, associate_delete: refuse };
}

const identifier = (name: string) => `${name.slice(0, 1).toUpperCase()}${name.slice(1)}`;

const ROOT = {
  useModel: (_args: unknown, { columns }: Call) => {
    const own = columns.all.map(({ name, sqlName }, n) => ({
      columnNo: 4000 + n,
      tableNo: ASSOCIATE_TABLE_NO,
      name,
      identifier: identifier(name),
      sqlName: sqlName === '' ? null : sqlName,
    }));
    const associate = { tableNo: ASSOCIATE_TABLE_NO, name: 'Associate', identifier: 'Associate', columns: own };
    const other = {
      tableNo: 127,
      name: 'Order',
      identifier: 'Order',
      columns: [{ ...own[0], tableNo: 127, sqlName: 'LiaAct' }],
    };
    return { tables: [other, associate], columns: own };
  },
  useCompany: ({ no }: { readonly no: number }, { settings }: Call) =>
    no === settings.companyNo ? COMPANY : noAccess(no),
  availableCompanies: (_args: unknown, { settings }: Call) => ({
    totalCount: 1,
    items: [
      {
        name: 'Sandkassen AS',
        vismaNetCompanyId: settings.companyNo,
        vismaNetCustomerId: 1,
        organizationNo: '999999999',
      },
    ],
  }),
};

const isRow = (source: unknown, info: GraphQLResolveInfo): source is SandboxRow =>
  info.parentType.name === 'Associate' && typeof source === 'object';

const resolveField: GraphQLFieldResolver<unknown, Call> = (source, args, call, info) => {
  const column = isRow(source, info) ? call.columns.byName(info.fieldName) : undefined;
  if (column === undefined || !isRow(source, info)) return defaultFieldResolver(source, args, call, info);
  const value = source[column.key];
  return column.type === 'DateTime' && value === EMPTY_ROW[column.key] ? null : value;
};

/** Carries out one operation; row errors and warnings are added to what the executor answers. */
export async function carryOut(
  schema: GraphQLSchema,
  document: DocumentNode,
  operationName: string | undefined,
  call: Call,
): Promise<ExecutionResult> {
  const result = await execute({
    schema,
    document,
    rootValue: ROOT,
    contextValue: call,
    variableValues: call.rawVariables,
    operationName,
    fieldResolver: resolveField,
  });
  const errors = [...(result.errors ?? []), ...call.errors];
  return {
    ...(result.data === undefined ? {} : { data: result.data }),
    ...(errors.length > 0 ? { errors } : {}),
    ...(call.warnings.length > 0 ? { extensions: { warnings: call.warnings } } : {}),
  };
}
