const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;

/** The text of a message by host.json `messageEncoding`; undefined when it is not what it should be. */
export function decodeMessage(text: string, encoding: 'base64' | 'none'): string | undefined {
  if (encoding === 'none') return text;
  const trimmed = text.replaceAll(/\s/g, '');
  return BASE64.test(trimmed) ? Buffer.from(trimmed, 'base64').toString('utf8') : undefined;
}
