import { Failure, FAILURES } from '../../shared/failure.ts';
import type { Engine } from '../../shared/engine.ts';
import { secretsForAdapter } from '../../shared/sources/index.ts';
import { SECRETS, type SecretName } from '../../shared/secrets/index.ts';
import { bad, note, ok, type Check } from './check.ts';

type Form = (text: string) => string | null;

/** What is wrong with a secret's form; never any of the secret itself. */
const FORMS: Partial<Record<SecretName, Form>> = {
  'hash-key': (text) => (Buffer.from(text, 'base64').length === 32 ? null : 'must be 32 bytes in base64'),
};

/** What only some CRMs are signed in to with. */
const isOfCrm = (name: SecretName): boolean => name === 'crm-api-token' || name.startsWith('superoffice-');

/** Present and of the right form. A secret's text is never printed. */
export async function checkSecrets({ secrets, settings, source }: Engine): Promise<readonly Check[]> {
  const hasVault = settings.KEY_VAULT_URL !== undefined;
  const ofCrm = secretsForAdapter(settings);
  const names = (Object.keys(SECRETS) as SecretName[]).filter(
    (name) => !isOfCrm(name) || ofCrm.includes(SECRETS[name]),
  );
  const place = (name: SecretName): string => (hasVault ? `secret ${name} in Key Vault` : SECRETS[name]);
  return Promise.all(
    names.map(async (name): Promise<Check> => {
      const label = `secret ${name}`;
      try {
        const text = await secrets.find(name);
        if (text === null && name === 'hash-key' && !hasVault) {
          return note(label, 'not set: one is made and kept in the table storage, as fits outside Azure');
        }
        if (text === null && name === 'nxt-webhook-key') {
          return note(label, 'not set: what changes in NXT is found by looking, every NXT_POLL_MINUTES');
        }
        if (text === null) return bad(label, 'missing', `set ${place(name)}`);
        const form = name === 'crm-webhook-secret' ? source.secretProblem : FORMS[name];
        const wrong = form?.(text) ?? null;
        return wrong === null ? ok(label, 'present') : bad(label, wrong, `correct ${place(name)}`);
      } catch (error) {
        if (!(error instanceof Failure)) throw error;
        return bad(label, FAILURES[error.code].meaning, 'check KEY_VAULT_URL and the role Key Vault Secrets User');
      }
    }),
  );
}
