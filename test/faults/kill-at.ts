/**
 * Preloaded into a host (`node --import ./test/faults/kill-at.ts …`): the process kills itself right before it sends, or
 * right after it got the answer to, the n-th request of a kind. Every effect of the program is such a request, so that
 * between them they are all the places where it can die. Armed by `FAULTS_KILL_AT=<kind>:<before|after>:<n>` or by a
 * message of the same text from the parent.
 */
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import { kindOfErpBody, kindOfStorageRequest, type StepKind } from './step-kinds.ts';

interface Armed {
  readonly kind: string;
  readonly when: string;
  left: number;
}

let armed: Armed | null = null;

function arm(text: unknown): void {
  const [kind = '', when = '', nth = '1'] = String(text).split(':');
  armed = kind === '' ? null : { kind, when, left: Number(nth) };
}

arm(process.env['FAULTS_KILL_AT'] ?? '');
process.on('message', arm);
process.channel?.unref();

function die(): never {
  process.kill(process.pid, 'SIGKILL');
  throw new Error('killed');
}

/** True when the answer to this request is the process's end; ends it at once when it shall not be sent. */
function meets(kind: StepKind): boolean {
  if (armed?.kind !== kind) return false;
  armed.left -= 1;
  if (armed.left > 0) return false;
  if (armed.when === 'before') die();
  return true;
}

const realFetch = globalThis.fetch;
globalThis.fetch = async (input, init) => {
  const url = input instanceof Request ? input.url : String(input);
  const isMet = meets(kindOfFetch(url, init));
  const response = await realFetch(input, init);
  if (isMet) die();
  return response;
};

function kindOfFetch(url: string, init: RequestInit | undefined): StepKind {
  if (init?.method === 'PATCH') return 'crm.patch';
  if (url.endsWith('/connect/token')) return 'erp.token';
  return kindOfErpBody(typeof init?.body === 'string' ? init.body : '');
}

for (const protocol of [http, https]) {
  const request = protocol.request.bind(protocol);
  const patched = (...args: Parameters<typeof http.request>): http.ClientRequest => {
    const [options] = args as unknown as [http.RequestOptions];
    const isMet = meets(kindOfStorageRequest(options.method ?? 'GET', options.path ?? ''));
    const sent = request(...args);
    if (isMet) sent.prependOnceListener('response', die);
    return sent;
  };
  Object.assign(protocol, { request: patched });
}
syncBuiltinESMExports();
