import {
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  OperationTypeNode,
  parse,
  specifiedRules,
  validate,
  valueFromASTUntyped,
  visit,
} from 'graphql';
import { z } from 'zod';

export type OperationKind = 'read' | 'create' | 'update' | 'delete' | 'introspection';

/** The documentation prints the third key in several spellings (verified). */
const body = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
  operationname: z.string().nullish(),
  OperationName: z.string().nullish(),
});

export interface Operation {
  readonly document: DocumentNode | undefined;
  /** Which operation of the document the caller chose, if it said so. */
  readonly chosen: string | undefined;
  /** What that operation is called. */
  readonly name: string | undefined;
  readonly variables: Readonly<Record<string, unknown>>;
  /** The table fields it asks for, in the order written, one entry per field. */
  readonly fields: readonly OperationKind[];
  /** Numbers given to `useCompany`. */
  readonly companies: readonly number[];
  /** Why it cannot be carried out. */
  readonly refused: readonly GraphQLError[];
}

const FIELDS: Readonly<Record<string, OperationKind>> = {
  associate: 'read',
  associate_create: 'create',
  associate_update: 'update',
  associate_delete: 'delete',
  availableCompanies: 'read',
  __schema: 'introspection',
  __type: 'introspection',
};

interface Parsed {
  readonly document: DocumentNode | undefined;
  readonly errors: readonly GraphQLError[];
}

const spaced = (name: string) => name.replaceAll(/(?<=[a-z])(?=[A-Z])/gu, '_').toUpperCase();

/** Verified for unknown fields: `GraphQL.Validation.Errors.<Rule>Error: …` with `extensions.code` and `codes`. */
function asServerError(rule: string, { message, nodes }: GraphQLError): GraphQLError {
  const code = spaced(rule);
  return new GraphQLError(`GraphQL.Validation.Errors.${rule}Error: ${message}`, {
    nodes: nodes ?? null,
    extensions: { code, codes: [code] },
  });
}

function mixed(document: DocumentNode): boolean {
  const kinds = new Set(
    document.definitions.flatMap((part) => (part.kind === Kind.OPERATION_DEFINITION ? [part.operation] : [])),
  );
  return kinds.has(OperationTypeNode.QUERY) && kinds.has(OperationTypeNode.MUTATION);
}

function parsed(schema: GraphQLSchema, query: string): Parsed {
  try {
    const document = parse(query);
    if (mixed(document)) {
      return { document, errors: [new GraphQLError('Queries and mutations cannot be mixed in one request.')] };
    }
    const errors = specifiedRules.flatMap((rule) =>
      validate(schema, document, [rule]).map((error) => asServerError(rule.name.replace(/Rule$/u, ''), error)),
    );
    return { document, errors };
  } catch (error) {
    if (!(error instanceof GraphQLError)) throw error;
    const extensions = { code: 'SYNTAX_ERROR', codes: ['SYNTAX_ERROR'] };
    return { document: undefined, errors: [new GraphQLError(error.message, { nodes: null, extensions })] };
  }
}

type Found = Pick<Operation, 'fields' | 'companies' | 'name'>;

function look(document: DocumentNode | undefined, variables: Readonly<Record<string, unknown>>): Found {
  const fields: OperationKind[] = [];
  const companies: number[] = [];
  let name: string | undefined;
  if (document !== undefined) {
    visit(document, {
      OperationDefinition: (operation) => {
        name ??= operation.name?.value;
      },
      Field: ({ name: field, arguments: args = [] }) => {
        const kind = FIELDS[field.value];
        if (kind !== undefined) fields.push(kind);
        const no = field.value === 'useCompany' ? args.find((argument) => argument.name.value === 'no') : undefined;
        if (no !== undefined) companies.push(Number(valueFromASTUntyped(no.value, variables)));
      },
    });
  }
  return { fields, companies, name };
}

const MOST_SEEN = 2_000;
const seenWith = new WeakMap<GraphQLSchema, Map<string, Parsed>>();

/** Reads the members of a request; documents that any sandbox with this schema has seen are not parsed again. */
export function operationReader(schema: GraphQLSchema): (member: unknown) => Operation {
  const seen = seenWith.get(schema) ?? new Map<string, Parsed>();
  seenWith.set(schema, seen);
  return (member) => {
    const given = body.safeParse(member);
    if (!given.success) {
      const refused = [new GraphQLError('A request needs a query.')];
      return { document: undefined, chosen: undefined, variables: {}, refused, ...look(undefined, {}) };
    }
    const { query, operationName, operationname, OperationName } = given.data;
    const variables = given.data.variables ?? {};
    const { document, errors } = seen.get(query) ?? parsed(schema, query);
    if (seen.size < MOST_SEEN) seen.set(query, { document, errors });
    const chosen = operationName ?? operationname ?? OperationName ?? undefined;
    const found = look(document, variables);
    return { document, chosen, variables, refused: errors, ...found, name: chosen ?? found.name };
  };
}
