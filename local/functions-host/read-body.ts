import type { IncomingMessage } from 'node:http';

/** Azure's default limit (`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`), in bytes. */
const LARGEST_BODY = 104_857_600;

export const isTooLarge = ({ headers }: IncomingMessage): boolean =>
  Number(headers['content-length'] ?? 0) > LARGEST_BODY;

/**
 * The body byte for byte. One that comes in chunks, without a length, is dropped, as the host drops it for an app that does
 * not take streams (Azure/azure-functions-host issue 4926): a signature is then checked over nothing.
 */
export async function readBody(request: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(Buffer.from(chunk as Uint8Array));
  return request.headers['content-length'] === undefined ? Buffer.alloc(0) : Buffer.concat(chunks);
}
