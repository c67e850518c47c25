const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The text of a message by host.json `messageEncoding`; undefined when it is not what it should be, or no UTF-8. */
export function decodeMessage(text: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') return text;
  const trimmed = text.replaceAll(/\s/g, '');
  if (!BASE64.test(trimmed)) return undefined;
  try {
    return utf8.decode(Buffer.from(trimmed, 'base64'));
  } catch {
    return undefined;
  }
}
