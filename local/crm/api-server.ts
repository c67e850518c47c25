import { createServer } from 'node:http';
import { closeServer, listen, readBody, sendJson } from '../nxt/http.ts';

export interface ApiRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly authorization: string | undefined;
  readonly body: unknown;
}

export interface ApiAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export interface ApiServer {
  /** `http://127.0.0.1:<port>`, the value for CRM_API_URL. */
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** Serves a simulated CRM's API; `GET /records` shows what it holds. */
export async function serveApi(
  port: number,
  handle: (request: ApiRequest) => ApiAnswer,
  records: () => unknown,
): Promise<ApiServer> {
  const server = createServer((request, response) => {
    void readBody(request).then((text) => {
      const path = request.url ?? '/';
      if (path === '/records') {
        sendJson(response, 200, records());
        return;
      }
      const { authorization } = request.headers;
      const answer = handle({ method: request.method ?? 'GET', path, authorization, body: parsed(text) });
      for (const [name, value] of Object.entries(answer.headers ?? {})) response.setHeader(name, value);
      sendJson(response, answer.status, answer.body);
    });
  });
  const taken = await listen(server, port);
  return { origin: `http://127.0.0.1:${taken}`, stop: () => closeServer(server) };
}
