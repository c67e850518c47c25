import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RunFunction } from './function-runner.ts';
import { isAuthorized, type HttpKeys } from './http-auth.ts';
import { forward } from './http-forward.ts';
import { header, toHttpTriggerData } from './http-request-data.ts';
import { sendHttpResponse } from './http-response.ts';
import type { HttpRoute } from './http-route.ts';
import { InFlight } from './in-flight.ts';
import { isTooLarge, readBody } from './read-body.ts';
import { signInRequest, type SignIn } from './sign-in.ts';

export interface HttpFunction {
  readonly name: string;
  readonly route: HttpRoute;
  /** Upper case. */
  readonly methods: readonly string[];
  readonly authLevel: string;
  readonly run: RunFunction;
}

export interface HttpServer {
  readonly port: number;
  stop(): Promise<void>;
}

/**
 * Serves the HTTP functions on 127.0.0.1 only. A known route with another method answers 404, as in Azure
 * (Azure/azure-functions-host issue 10098), and so does a route nobody knows.
 * @param streamTo where an app that takes HTTP as a stream wants it.
 */
export async function startHttpServer(
  functions: readonly HttpFunction[],
  keys: HttpKeys,
  port: number,
  streamTo: string | undefined,
  signIn: SignIn | null = null,
): Promise<HttpServer> {
  const sorted = functions.toSorted((a, b) => (a.route.precedence < b.route.precedence ? -1 : 1));
  const inHand = new InFlight();
  const server = createServer((request, response) => {
    signInRequest(request, signIn);
    inHand.add(
      answer({ sorted, keys, streamTo }, request, response).catch(() => {
        // The caller went away, or what the function returned is no answer that HTTP knows.
        if (response.headersSent) response.destroy();
        else fail(response);
      }),
    );
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const address = server.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    async stop() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // A connection that is kept alive falls idle only when its last answer is through.
      const sweep = setInterval(() => server.closeIdleConnections(), 50);
      await Promise.all([closed, inHand.untilAtMost(0)]);
      clearInterval(sweep);
    },
  };
}

interface Served {
  readonly sorted: readonly HttpFunction[];
  readonly keys: HttpKeys;
  readonly streamTo: string | undefined;
}

async function answer(
  { sorted, keys, streamTo }: Served,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = toUrl(request);
  if (url === undefined || request.rawHeaders.some((text) => NOT_ASCII.test(text))) {
    refuse(request, response, 400);
    return;
  }
  const found = find(sorted, request.method ?? 'GET', url.pathname);
  if (found === undefined) {
    refuse(request, response, 404);
    return;
  }
  const key = header(request, 'x-functions-key') ?? url.searchParams.get('code') ?? undefined;
  if (!isAuthorized(found.fn.authLevel, key, keys, found.fn.name)) {
    refuse(request, response, 401);
    return;
  }
  if (isTooLarge(request)) {
    refuse(request, response, 500);
    return;
  }
  const call = { request, url, params: found.params };
  if (streamTo !== undefined) {
    if (!(await forward(streamTo, call, response, found.fn.run))) fail(response);
    return;
  }
  const result = await found.fn.run(toHttpTriggerData({ ...call, body: await readBody(request) }));
  if (result.succeeded) sendHttpResponse(response, result.response.returnValue);
  else fail(response);
}

const NOT_ASCII = /[^\t\x20-\x7e]/;

/** 500 with an empty body and nothing of what the function wanted to say. */
function fail(response: ServerResponse): void {
  response.getHeaderNames().forEach((name) => response.removeHeader(name));
  response.writeHead(500, { 'content-length': 0 }).end();
}

/** An empty answer; the connection ends when a body is still on its way. */
function refuse(request: IncomingMessage, response: ServerResponse, status: number): void {
  if (!request.complete) response.setHeader('connection', 'close');
  response.writeHead(status, { 'content-length': 0 }).end();
}

function find(functions: readonly HttpFunction[], method: string, path: string) {
  // Nothing is served under a path with an empty segment.
  if (path.includes('//')) return undefined;
  for (const fn of functions) {
    const params = fn.methods.includes(method) ? fn.route.match(path) : undefined;
    if (params !== undefined) return { fn, params };
  }
  return undefined;
}

/** The address as the caller wrote it: a signature or a redirect may depend on it. */
function toUrl(request: IncomingMessage): URL | undefined {
  const host = header(request, 'host') ?? '127.0.0.1';
  const path = request.url ?? '/';
  return path.startsWith('/') ? (URL.parse(`http://${host}${path}`) ?? undefined) : undefined;
}
