import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { GraphQLSchema } from 'graphql';
import type { Columns } from './columns.ts';
import type { Dispatcher } from './dispatcher.ts';
import type { Faults } from './faults.ts';
import type { Slots } from './limits.ts';
import type { Operation } from './operation.ts';
import type { Settings } from './options.ts';
import type { Requests } from './requests.ts';
import type { Store } from './store.ts';
import type { Tokens } from './tokens.ts';

/** Everything one running sandbox holds. */
export interface Sandbox {
  readonly settings: Settings;
  readonly columns: Columns;
  readonly schema: GraphQLSchema;
  readonly store: Store;
  readonly tokens: Tokens;
  readonly faults: Faults;
  readonly slots: Slots;
  readonly requests: Requests;
  readonly tableChanges: Dispatcher;
  readonly operation: (member: unknown) => Operation;
}

export type Handler = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/** The id to give to support: `extensions["vbnxt-trace-id"]` and header `x-vbc-traceid` (both verified). */
export const newTraceId = (): string => randomUUID().replaceAll('-', '');
