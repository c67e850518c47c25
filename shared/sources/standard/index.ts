import * as z from 'zod';
import { createCrmClient } from '../../crm/index.ts';
import { parseChanges, type Kind } from '../../record/index.ts';
import { ROUTES, type AdapterSettings } from '../adapter-settings.ts';
import { readPropertyGate, type PropertyGate } from '../gate.ts';
import type { Source } from '../source.ts';
import { splitSecrets, toKey, webhookSecretsProblem, verifyStandardWebhook } from './standard-webhook.ts';

/** A CRM that speaks this program's own events and signs by Standard Webhooks. */
export function standard(settings: AdapterSettings): Source {
  const gate = readPropertyGate(settings.CRM_SYNC_WHEN);
  return {
    adapter: 'standard',
    route: ROUTES.standard,
    acceptedStatus: 202,
    secretsIn: (setting) => splitSecrets(setting).filter((secret) => toKey(secret) !== null),
    secretProblem: webhookSecretsProblem,
    verify: verifyStandardWebhook,
    async parse(json, _request, now) {
      const parsed = parseChanges(json, now);
      if (!parsed.ok) return parsed;
      const events: readonly unknown[] = Array.isArray(json) ? json : [json];
      const keptOut = parsed.changes.filter(
        ({ ref }, index) => gate !== null && isKeptOut(gate, ref.kind, events[index]),
      );
      return { ...parsed, ignored: [], keptOut };
    },
    connect: ({ token, forgetToken, fetch }) =>
      settings.CRM_API_URL === undefined
        ? null
        : createCrmClient({ url: settings.CRM_API_URL, token, forgetToken, ...(fetch && { fetch }) }),
  };
}

const withData = z.object({ data: z.record(z.string(), z.unknown()) });

/** A contact that does not say follows its customer. */
function isKeptOut({ property, opens }: PropertyGate, kind: Kind, event: unknown): boolean {
  const value = withData.safeParse(event).data?.data[property];
  return kind === 'contact' && value === undefined ? false : !opens(value);
}
