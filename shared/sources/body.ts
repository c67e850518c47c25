/** Whether a content type says JSON: `application/json`, `application/…+json`, in UTF-8 (or its part ASCII) where it names a charset. */
export function isJsonType(contentType: string | null): boolean {
  const [type = '', ...parameters] = (contentType ?? '').toLowerCase().split(';');
  const charset = parameters.map((parameter) => parameter.trim()).find((parameter) => parameter.startsWith('charset='));
  const isUtf8 = charset === undefined || /^charset="?(?:utf-?8|us-ascii)"?$/.test(charset);
  return isUtf8 && /^application\/(?:[\w.-]+\+)?json$/.test(type.trim());
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The parsed body, or null when it is not JSON in UTF-8. The parser's own message is dropped: it quotes the text. */
export function parseJson(bytes: Uint8Array): { readonly json: unknown } | null {
  try {
    const json: unknown = JSON.parse(utf8.decode(bytes));
    return { json };
  } catch {
    return null;
  }
}

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
