import { createServer } from 'node:http';
import { columnsOf, type RowSeed, type SandboxRow } from './columns.ts';
import { controlRoutes, resetAll } from './control.ts';
import { type Delivery, Dispatcher } from './dispatcher.ts';
import { type Double, doubles } from './doubles.ts';
import { ACCOUNTING, editRow } from './edit.ts';
import { EDIT_PATH, editRoutes } from './edit-routes.ts';
import { Faults } from './faults.ts';
import { graphiqlPage } from './graphiql.ts';
import { graphqlEndpoint } from './graphql-endpoint.ts';
import { BodyTooLarge, breakConnection, closeServer, listen, sendGatewayPage, sendJson } from './http.ts';
import { Slots } from './limits.ts';
import { operationReader } from './operation.ts';
import { type SandboxOptions, type TableChangeTarget, withDefaults } from './options.ts';
import { Requests } from './requests.ts';
import { sandboxSchema } from './schema.ts';
import type { Handler, Sandbox } from './state.ts';
import { Store } from './store.ts';
import type { RowChange } from './table-change.ts';
import { tokenEndpoint } from './token-endpoint.ts';
import { Tokens } from './tokens.ts';

export interface NxtSandbox {
  /** `http://127.0.0.1:<port>`. */
  readonly origin: string;
  readonly port: number;
  readonly graphqlUrl: string;
  readonly tokenUrl: string;
  readonly companyNo: number;
  readonly clientId: string;
  readonly faults: Faults;
  readonly requests: Requests;
  /** All rows in the order stored. */
  rows(): readonly SandboxRow[];
  seed(rows: readonly RowSeed[]): void;
  /** Changes or removes a row as accounting would; `undefined` removes it. `changed…` says who and when. */
  edit(associateNo: number, change: RowSeed | undefined, user?: string): void;
  /** From here on every change of a row is told there; `undefined`: nowhere. */
  sendTableChanges(target: TableChangeTarget | undefined): void;
  /** Tells of each change of a row the moment it is stored: the row, and who. */
  watch(watcher: (change: Omit<RowChange, 'at'>) => void): void;
  /** What became of the webhooks sent, the newest last. */
  tableChanges(): readonly Delivery[];
  /** Rows that share an external id; empty when all is well. */
  doubles(): readonly Double[];
  /** Requests that hold a place in progress now. */
  inProgress(): number;
  /** From here on only this client secret is right; tokens given out stay valid. */
  rotateSecret(secret: string): void;
  expireTokens(): void;
  /** Back to how it started. */
  reset(): void;
  stop(): Promise<void>;
}

function build(options: SandboxOptions, origin: () => string): Sandbox {
  const settings = withDefaults(options);
  const columns = columnsOf(settings.names, settings.leaveOut, settings.descriptions);
  const schema = sandboxSchema(columns, settings);
  const slots = new Slots(settings.maxInProgress);
  const store = new Store();
  store.seed(settings.rows);
  return {
    settings,
    columns,
    schema,
    store,
    slots,
    tokens: new Tokens(settings, () => `${origin()}/api/graphql-service`),
    faults: new Faults(settings.clock, settings.seed, settings.latencyMs),
    requests: new Requests(slots),
    tableChanges: new Dispatcher(settings.clock, settings.companyNo, settings.tableChanges),
    operation: operationReader(schema),
  };
}

function routesOf(sandbox: Sandbox): Handler {
  const { faults } = sandbox;
  const service: Readonly<Record<string, Handler>> = {
    'POST /connect/token': tokenEndpoint(sandbox),
    'POST /api/graphql-service': graphqlEndpoint(sandbox),
  };
  const control = controlRoutes(sandbox);
  const edit = editRoutes(sandbox);
  const graphiql = graphiqlPage(sandbox);
  return async (request, response) => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    if (path === EDIT_PATH) return edit(request, response);
    if (path.startsWith('/sandbox/')) return control(request, response);
    if (request.method === 'GET' && path === '/graphiql') return graphiql(request, response);
    if (faults.downtime === 'reset') {
      breakConnection(response);
      return;
    }
    if (faults.downtime === 'unavailable') {
      sendGatewayPage(response, 503);
      return;
    }
    const handler = service[`${request.method ?? ''} ${path}`];
    if (handler === undefined) sendGatewayPage(response, 404);
    else await handler(request, response);
  };
}

/** Starts a stand-in for Visma Business NXT: token endpoint and GraphQL service over HTTP, with one company. */
export async function startNxtSandbox(options: SandboxOptions = {}): Promise<NxtSandbox> {
  let origin = '';
  const sandbox = build(options, () => origin);
  const { settings, store, faults, requests, slots, tokens, tableChanges } = sandbox;
  const handle = routesOf(sandbox);
  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (response.headersSent || response.destroyed) return;
      sendJson(response, error instanceof BodyTooLarge ? 413 : 500, { error: String(error) });
    });
  });
  const port = await listen(server, settings.port);
  origin = `http://127.0.0.1:${port}`;
  return {
    origin,
    port,
    graphqlUrl: `${origin}/api/graphql-service`,
    tokenUrl: `${origin}/connect/token`,
    companyNo: settings.companyNo,
    clientId: settings.clientId,
    faults,
    requests,
    rows: () => store.all(),
    seed: (rows) => store.seed(rows),
    edit: (associateNo, change, user = ACCOUNTING) => void editRow(sandbox, associateNo, change, user),
    sendTableChanges: (target) => {
      tableChanges.target = target;
    },
    watch: (watcher) => {
      tableChanges.watcher = watcher;
    },
    tableChanges: () => tableChanges.deliveries(),
    doubles: () => doubles(store.all()),
    inProgress: () => slots.taken,
    rotateSecret: (secret) => {
      tokens.clientSecret = secret;
    },
    expireTokens: () => tokens.expireAll(),
    reset: () => resetAll(sandbox),
    stop: () => {
      faults.dropLandings();
      tableChanges.drop();
      return closeServer(server);
    },
  };
}
