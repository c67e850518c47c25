import type { Column, Columns, ColumnType } from './columns.ts';
import type { Settings } from './options.ts';

const field = ({ name, description, type }: Column, as: string = type) => `  "${description.replaceAll('"', '\\"')}"
  ${name}: ${as}`;

const operators = (type: ColumnType) => `
input FilterOperators_${type} {
  _eq: ${type} _not_eq: ${type} _gt: ${type} _gte: ${type} _lt: ${type} _lte: ${type}
  ${type === 'String' ? '_like: String' : ''}
  _in: [${type}!] _not_in: [${type}!] _between: Between_${type}
}
input Between_${type} { from: ${type}! to: ${type}! }`;

const MODEL_COLUMN = `enum Language { ENGLISH NORWEGIAN }
type Model_Column { columnNo: Int! tableNo: Int! name: String! identifier: String! sqlName: String }
type Model_Table { tableNo: Int! name: String! identifier: String! databaseType: String`;

/** The arguments and the shape are not known; these are two that would fit what is. */
const MODEL = {
  none: '',
  nested: `${MODEL_COLUMN} columns: [Model_Column!]! }
type Query_UseModel { tables: [Model_Table!]! }`,
  direct: `${MODEL_COLUMN} }
type Query_UseModel { tables(tableNo: Int): [Model_Table!]! columns(tableNo: Int): [Model_Column!]! }`,
} as const;

const NUMBERS = ['customerNo', 'supplierNo', 'employeeNo'];

/**
 * The schema as text. Certain are the names Associate_Input, FilterExpression_Associate, Suggest_Associate_Input,
 * Query_UseCompany_Associate_Connection, Mutation_UseCompany_Associate_Result and those of the fields and arguments;
 * the names of operator, interval, order and onError types are this sandbox's own.
 */
export function schemaText(columns: Columns, settings: Settings): string {
  const { all } = columns;
  const writable = all.filter((column) => column.writable);
  const suggest = settings.suggest ? 'suggest: Suggest_Associate_Input' : '';
  const onError = settings.onError ? 'onError: OnError' : '';
  return `
scalar Decimal
scalar DateTime

type Query {
  useCompany(no: Int!): Query_UseCompany
  availableCompanies(customerNo: Int, first: Int, last: Int): AvailableCompanies
  ${settings.model === 'none' ? '' : 'useModel(lang: Language): Query_UseModel'}
}
${MODEL[settings.model]}
type AvailableCompanies { totalCount: Int! items: [AvailableCompany!]! }
type AvailableCompany { name: String! vismaNetCompanyId: Int! vismaNetCustomerId: Int! organizationNo: String! }

type Mutation { useCompany(no: Int!): Mutation_UseCompany }

type Query_UseCompany {
  associate(
    filter: FilterExpression_Associate orderBy: [OrderBy_Associate!]
    first: Int after: String last: Int before: String skip: Int
  ): Query_UseCompany_Associate_Connection
}
type Query_UseCompany_Associate_Connection { totalCount: Int! pageInfo: PageInfo! items: [Associate] }
type PageInfo { hasNextPage: Boolean! hasPreviousPage: Boolean! startCursor: String endCursor: String }

type Mutation_UseCompany {
  associate_create(values: [Associate_Input!]! ${suggest} ${onError}): Mutation_UseCompany_Associate_Result
  associate_update(
    filter: FilterExpression_Associate value: Associate_Input
    filters: [FilterExpression_Associate] values: [Associate_Input!] ${onError}
  ): Mutation_UseCompany_Associate_Result
  associate_delete(filter: FilterExpression_Associate ${onError}): Mutation_UseCompany_Associate_Result
}
type Mutation_UseCompany_Associate_Result { affectedRows: Int! items: [Associate] }

type Associate {
${all.map((column) => field(column)).join('\n')}
}
input Associate_Input {
${writable.map((column) => field(column)).join('\n')}
}
input FilterExpression_Associate {
  _and: [FilterExpression_Associate!]
  _or: [FilterExpression_Associate!]
${all.map((column) => field(column, `FilterOperators_${column.type}`)).join('\n')}
}
input OrderBy_Associate {
${all.map((column) => field(column, 'SortOrder')).join('\n')}
}
enum SortOrder { ASC DESC }
${(['Int', 'Decimal', 'String', 'DateTime'] as const).map(operators).join('\n')}
${settings.suggest ? suggestInput(writable) : ''}
${settings.onError ? 'enum OnError { FAIL_TABLE }' : ''}`;
}

const suggestInput = (writable: readonly Column[]) => `
input SuggestInterval { from: Int to: Int }
input Suggest_Associate_Input {
${writable.map((column) => field(column, NUMBERS.includes(column.key) ? 'SuggestInterval' : 'Boolean')).join('\n')}
}`;
