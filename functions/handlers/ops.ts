import type { HttpRequest, HttpResponseInit, InvocationContext } from '@azure/functions';
import { openConsole, whoAsks, type Door } from '../../shared/console/index.ts';
import { ownEngine, type Engine } from '../../shared/engine.ts';
import { createLog, describeError } from '../../shared/log.ts';
import { SettingsError } from '../../shared/settings.ts';

type Answer = ReturnType<typeof openConsole>;

let opened: { readonly engine: Engine; readonly answer: Answer } | null = null;

/** The console and its API; made once for an engine. */
function consoleOn(engine: Engine, context: InvocationContext): Answer {
  if (opened?.engine !== engine) {
    const log = createLog((text) => context.log(text));
    const onBug = (error: unknown) => log({ event: 'bug', source: 'ops', ...describeError(error) });
    // The build puts the style sheet and the script beside the bundle.
    opened = { engine, answer: openConsole(engine, { environment: process.env, folder: import.meta.dirname, onBug }) };
  }
  return opened.answer;
}

export async function handle(request: HttpRequest, context: InvocationContext, door: Door): Promise<HttpResponseInit> {
  const engine = await ownEngine();
  if (engine instanceof SettingsError) {
    const isKnown = door === 'key' || whoAsks(request.headers.get('x-ms-client-principal'), process.env) !== 'unknown';
    return isKnown ? { status: 503, headers: { 'retry-after': '60' } } : { status: 401 };
  }
  const response = await consoleOn(engine, context)(await toRequest(request), door);
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: await response.text(),
  };
}

async function toRequest(request: HttpRequest): Promise<Request> {
  const headers = new Headers(Object.fromEntries(request.headers));
  if (request.method === 'GET') return new Request(request.url, { headers });
  return new Request(request.url, { method: request.method, headers, body: await request.arrayBuffer() });
}
