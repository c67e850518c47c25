/** Largest body that is read. */
export const MAX_BODY_BYTES = 1024 * 1024;

export interface BodySource {
  /** Null when there is no such header. Names are in lower case. */
  readonly header: (name: string) => string | null;
  /** The raw bytes as they arrive; null for a request without a body. */
  readonly body: AsyncIterable<Uint8Array> | null;
}

/**
 * The raw bytes, or what is wrong with them: more than 1 MiB, by their declared length, else as soon as too many came; or a
 * sender that hung up in the middle.
 */
export async function readBody({
  header,
  body,
}: BodySource): Promise<Uint8Array | 'request.too-large' | 'request.incomplete'> {
  if (Number(header('content-length')) > MAX_BODY_BYTES) return 'request.too-large';
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body ?? []) {
      length += chunk.byteLength;
      if (length > MAX_BODY_BYTES) return 'request.too-large';
      chunks.push(chunk);
    }
  } catch {
    return 'request.incomplete';
  }
  return Buffer.concat(chunks);
}
