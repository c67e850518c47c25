import { request as send, type IncomingMessage, type ServerResponse } from 'node:http';
import type { RunFunction } from './function-runner.ts';
import { randomUUID } from 'node:crypto';
import { headersOf, toStreamTriggerData } from './http-request-data.ts';
import type { RoutedCall } from './http-request-data.ts';

/** Of one connection, and not of the message (RFC 9110, 7.6.1); `expect` is answered here. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'transfer-encoding',
  'upgrade',
  'te',
  'trailer',
  'expect',
  'host',
]);
const INVOCATION_ID = 'x-ms-invocation-id';

/**
 * An app that takes HTTP as a stream (`app.setup({ enableHttpStream: true })`) tells the host its own address: the request
 * goes there as it comes in, under the invocation's id, and the answer comes back the same way; only what is known about
 * the request goes with the invocation. Source: Azure/azure-functions-host src/WebJobs.Script.Grpc/Server/
 * DefaultHttpProxyService.cs and Azure/azure-functions-nodejs-library src/http/httpProxy.ts.
 *
 * @returns false when the function failed before it answered.
 */
export async function forward(
  to: string,
  call: RoutedCall,
  response: ServerResponse,
  run: RunFunction,
): Promise<boolean> {
  const { request } = call;
  const invocationId = randomUUID();
  const onward = send(new URL(request.url ?? '/', to), {
    method: request.method,
    headers: {
      ...Object.fromEntries(headersOf(request).filter(([name]) => !HOP_BY_HOP.has(name))),
      ...(request.headers['transfer-encoding'] === undefined ? {} : { 'transfer-encoding': 'chunked' }),
      'x-forwarded-host': request.headers.host ?? '127.0.0.1',
      'x-forwarded-proto': 'http',
      [INVOCATION_ID]: invocationId,
    },
  });
  const answered = new Promise<void>((resolve) => {
    onward.on('response', (answer) => resolve(passOn(answer, response)));
    onward.on('error', () => resolve());
  });
  request.pipe(onward);
  const gone = new Promise<{ readonly succeeded: false }>((resolve) => {
    response.on('close', () => {
      if (response.writableFinished) return;
      // A caller that hangs up ends the stream that the function reads, and nobody waits for it any more.
      onward.destroy();
      resolve({ succeeded: false });
    });
  });
  const result = await Promise.race([run({ ...toStreamTriggerData(call), invocationId }), gone]);
  if (result.succeeded) await answered;
  // What was not read of the body is not waited for.
  request.unpipe(onward);
  request.resume();
  onward.destroy();
  return result.succeeded;
}

async function passOn(answer: IncomingMessage, response: ServerResponse): Promise<void> {
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value !== undefined && name !== INVOCATION_ID && !HOP_BY_HOP.has(name)) response.setHeader(name, value);
  }
  response.writeHead(answer.statusCode ?? 500);
  for await (const chunk of answer) response.write(chunk);
  response.end();
}
