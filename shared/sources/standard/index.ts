import { createCrmClient } from '../../crm/index.ts';
import { parseChanges } from '../../record/index.ts';
import { ROUTES, type AdapterSettings } from '../adapter-settings.ts';
import type { Source } from '../source.ts';
import { splitSecrets, toKey, webhookSecretsProblem } from './secret-form.ts';
import { verifyStandardWebhook } from './standard-webhook.ts';

/** A CRM that speaks this program's own events and signs by Standard Webhooks. */
export const standard = (settings: AdapterSettings): Source => ({
  adapter: 'standard',
  route: ROUTES.standard,
  acceptedStatus: 202,
  secretsIn: (setting) => splitSecrets(setting).filter((secret) => toKey(secret) !== null),
  secretProblem: webhookSecretsProblem,
  verify: verifyStandardWebhook,
  async parse(json, _request, now) {
    const parsed = parseChanges(json, now);
    return parsed.ok ? { ...parsed, ignored: [] } : parsed;
  },
  connect: ({ token, forgetToken }) =>
    settings.CRM_API_URL === undefined ? null : createCrmClient({ url: settings.CRM_API_URL, token, forgetToken }),
});
