import { GraphQLError, type GraphQLResolveInfo } from 'graphql';
import type { Columns, SandboxRow } from './columns.ts';
import type { RowErrorMode, Settings } from './options.ts';
import type { RowError } from './row-error.ts';
import type { Store } from './store.ts';

export type WriteKind = 'create' | 'update' | 'delete';

/** What the fields of one operation share. */
export interface Call {
  readonly store: Store;
  readonly columns: Columns;
  readonly settings: Settings;
  /** Stands in `createdByUser`. */
  readonly clientId: string;
  readonly readOnly: boolean;
  /** As sent, before coercion. */
  readonly rawVariables: Readonly<Record<string, unknown>>;
  /** Row errors beside data; the executor itself cannot give both for one field. */
  readonly errors: GraphQLError[];
  readonly warnings: { readonly message: string; readonly path: readonly (string | number)[] }[];
  /** A fault that refuses this row, if there is one. */
  refusal(kind: WriteKind, row: SandboxRow): RowError | undefined;
  wrote(kind: WriteKind, row: SandboxRow): void;
}

export interface MutationResult {
  readonly affectedRows: number;
  readonly items: readonly (SandboxRow | null)[] | null;
}

export interface OnError {
  readonly onError?: 'FAIL_TABLE' | null;
}

export const modeOf = ({ onError }: OnError, { settings }: Call): RowErrorMode =>
  onError === 'FAIL_TABLE' ? 'table' : settings.rowErrors;

export function pathOf(info: GraphQLResolveInfo): readonly (string | number)[] {
  const parts: (string | number)[] = [];
  for (let part: GraphQLResolveInfo['path'] | undefined = info.path; part !== undefined; part = part.prev) {
    parts.unshift(part.key);
  }
  return parts;
}

/** Verified: the path of a row's error ends in `values/<n>`. */
export function reportRow(call: Call, info: GraphQLResolveInfo, n: number, error: RowError): void {
  const keys = pathOf(info);
  const field = call.settings.errorPaths === 'field' ? [...keys.slice(0, -1), info.fieldName] : keys;
  const message = call.settings.language === 'no' ? error.norwegian : error.message;
  call.errors.push(new GraphQLError(message, { path: [...field, `values/${n}`], extensions: error.extensions }));
}

export function refuseReadOnly(call: Call): void {
  if (call.readOnly) throw new GraphQLError('The token gives read access only.');
}
