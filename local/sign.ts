import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';
import { LOCAL_WEBHOOK_SECRET } from './start/environment.ts';

/**
 * `npx node local/sign.ts change.json | curl -H @- --data-binary @change.json <webhook URL>`: prints the headers that go
 * with the file, signed with the first secret in CRM_WEBHOOK_SECRET, else with the one of `npm start`. Good for 5 minutes.
 */
const [file] = process.argv.slice(2);
if (file === undefined) {
  console.error('usage: npx node local/sign.ts <file with an event, or an array of them>');
  process.exit(1);
}
const body = readFileSync(file, 'utf8');
const secret = process.env['CRM_WEBHOOK_SECRET']?.trim().split(/\s+/)[0] ?? LOCAL_WEBHOOK_SECRET;
const [id, now] = [`msg_${randomUUID()}`, new Date()];
console.log(
  [
    'content-type: application/json',
    `webhook-id: ${id}`,
    `webhook-timestamp: ${Math.floor(now.getTime() / 1000)}`,
    `webhook-signature: ${new Webhook(secret).sign(id, now, body)}`,
  ].join('\n'),
);
