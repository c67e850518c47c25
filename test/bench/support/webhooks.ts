import { createHmac } from 'node:crypto';
import { Agent, request } from 'node:http';
import { WEBHOOK_SECRET, inFlight } from './engine.ts';

const key = Buffer.from(WEBHOOK_SECRET.slice('whsec_'.length), 'base64');

/** Sends each body, signed, with so many at a time; throws when one is not acknowledged with 202. */
export async function sendWebhooks(port: number, bodies: readonly string[], most: number): Promise<void> {
  const agent = new Agent({ keepAlive: true, maxSockets: most });
  let count = 0;
  try {
    await inFlight(bodies, most, async (body) => {
      count += 1;
      const status = await post(agent, port, `msg_${count}`, body);
      if (status !== 202) throw new Error(`a webhook was answered with ${status}`);
    });
  } finally {
    agent.destroy();
  }
}

function post(agent: Agent, port: number, id: string, body: string): Promise<number> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64');
  return new Promise((resolve, reject) => {
    const sent = request(
      {
        agent,
        port,
        host: '127.0.0.1',
        method: 'POST',
        path: '/api/webhooks/crm',
        headers: {
          'content-type': 'application/json',
          'content-length': Buffer.byteLength(body),
          'webhook-id': id,
          'webhook-timestamp': timestamp,
          'webhook-signature': `v1,${signature}`,
        },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(response.statusCode ?? 0));
      },
    );
    sent.on('error', reject);
    sent.end(body);
  });
}
