import { createHmac } from 'node:crypto';
import type { WebhookRequest } from '../../../shared/sources/receive-changes.ts';

export const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
export const NOW = new Date('2026-11-21T08:00:00.000Z');

export const nowSeconds = (offset = 0): string => String(Math.floor(NOW.getTime() / 1000) + offset);

/** The reference way to sign, written a second time so that the program is not checked against itself. */
export function sign(body: Uint8Array | string, id: string, timestamp: string, secret = SECRET): string {
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64');
  const content = Buffer.concat([Buffer.from(`${id}.${timestamp}.`), Buffer.from(body)]);
  return `v1,${createHmac('sha256', key).update(content).digest('base64')}`;
}

export type Headers = Readonly<Record<string, string | undefined>>;

/** A correctly signed request; `headers` replace what would be sent, undefined leaves a header out. */
export function signedRequest(body: Uint8Array | string, headers: Headers = {}, source = 'crm'): WebhookRequest {
  const id = headers['webhook-id'] ?? 'msg_1';
  const timestamp = headers['webhook-timestamp'] ?? nowSeconds();
  const all = new Map<string, string | undefined>(
    Object.entries({
      'content-type': 'application/json',
      'webhook-id': id,
      'webhook-timestamp': timestamp,
      'webhook-signature': sign(body, id, timestamp),
      ...headers,
    }),
  );
  return { source, header: (name) => all.get(name) ?? null, body: chunksOf(Buffer.from(body)) };
}

async function* chunksOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}
