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
