import * as z from 'zod';
import { expectShape, type CrmHttp, type SetUpStep } from '../../crm/index.ts';

// https://docs.superoffice.com/en/automation/webhook/dev/register.html

const EVENTS = ['contact', 'person'].flatMap((entity) =>
  ['created', 'changed', 'softdeleted', 'deleted'].map((what) => `${entity}.${what}`),
);
const NAME = 'crm-nxt-sync';

const webhook = z.object({
  WebhookId: z.int(),
  TargetUrl: z.string().nullish(),
  State: z.union([z.string(), z.number()]).nullish(),
});

const isActive = ({ State }: z.infer<typeof webhook>): boolean => State === 'Active' || State === 1;

async function ours(http: CrmHttp, base: string, targetUrl: string): Promise<z.infer<typeof webhook> | undefined> {
  const all = expectShape(await http({ method: 'GET', url: `${base}/api/v1/Webhook` }), z.array(webhook));
  return all.find(({ TargetUrl }) => TargetUrl?.toLowerCase() === targetUrl.toLowerCase());
}

async function activate(http: CrmHttp, base: string, id: number): Promise<boolean> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  const url = `${base}/api/v1/Webhook/${id}`;
  return (await http({ method: 'PATCH', url, headers, json: { State: 'Active' } })).status < 300;
}

/** Nine failures in a row turn a webhook off for good: it is turned on again. What was mended, or null. */
export async function watchWebhook(http: CrmHttp, base: string, targetUrl: string): Promise<string | null> {
  const found = await ours(http, base, targetUrl);
  if (found === undefined || isActive(found)) return null;
  return (await activate(http, base, found.WebhookId)) ? 'webhook set active again' : 'webhook could not be set active';
}

/** Registers the webhook where there is none. SuperOffice sends its test before it answers. */
export async function setUpWebhook(
  http: CrmHttp,
  base: string,
  targetUrl: string,
  secret: string,
): Promise<readonly SetUpStep[]> {
  const what = `webhook ${NAME} to ${targetUrl}`;
  const found = await ours(http, base, targetUrl);
  if (found !== undefined) {
    if (isActive(found)) return [{ is: 'already', what }];
    return [{ is: (await activate(http, base, found.WebhookId)) ? 'done' : 'failed', what: `${what}: active` }];
  }
  const json = { Name: NAME, Events: EVENTS, TargetUrl: targetUrl, Secret: secret, State: 'Active', Type: 'webhook' };
  const { status } = await http({ method: 'POST', url: `${base}/api/v1/Webhook`, json });
  return [status < 300 ? { is: 'done', what } : { is: 'failed', what: `${what}: SuperOffice answers ${status}` }];
}
