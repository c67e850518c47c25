import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';

export function placesText({ webhookUrl, healthUrl, consoleUrl, sandbox, crm, logFile }: Surroundings): string {
  return table([
    ['Webhook', webhookUrl],
    ['Console', consoleUrl],
    ['Health', healthUrl],
    ['ERP sandbox', `${sandbox.origin}/sandbox/state`],
    ['  Edit rows', `${sandbox.origin}/sandbox/edit`],
    ['  GraphiQL', `${sandbox.origin}/graphiql`],
    ['CRM records', `${crm.origin}/records`],
    ['Log', logFile],
  ]);
}

const EXAMPLE = 'local/start/example-change.json';

/** In every shell the same: no quotes, no line breaks. */
export const curlText = (webhookUrl: string): string =>
  `npx node local/sign.ts ${EXAMPLE} | curl -i -H @- --data-binary @${EXAMPLE} ${webhookUrl}`;
