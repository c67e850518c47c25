import type { IncomingMessage } from 'node:http';

/** Azure's default limit (`FUNCTIONS_REQUEST_BODY_SIZE_LIMIT`), in bytes. */
export const LARGEST_BODY = 104_857_600;

/** The body byte for byte; undefined when it is larger than the host takes. */
export async function readBody(request: IncomingMessage): Promise<Uint8Array | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > LARGEST_BODY) return undefined;
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.byteLength;
    if (size > LARGEST_BODY) return undefined;
    chunks.push(bytes);
  }
  return Buffer.concat(chunks);
}
