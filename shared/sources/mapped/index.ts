import { SettingsError } from '../../settings.ts';
import { ROUTES, type AdapterSettings } from '../adapter-settings.ts';
import type { Source } from '../source.ts';
import { splitSecrets } from '../standard/standard-webhook.ts';
import { compileMapping, type CompiledMapping } from './compiled.ts';
import { parseMapped } from './convert.ts';
import { explainMapped } from './explain.ts';
import { loadMapping } from './load.ts';
import { connectMapped } from './connect.ts';
import { keyOf, verifyMapped } from './verify.ts';

/** Any webhook, by a mapping and no code. @throws SettingsError with every problem of the mapping. */
export function mapped(settings: AdapterSettings): Source {
  const mapping = readMapping(settings);
  const { proof } = mapping;
  const isUsable = (secret: string): boolean => {
    if (proof.type === 'basic') return secret.includes(':');
    return proof.type !== 'hmac' || keyOf(secret, proof.secret) !== null;
  };
  return {
    adapter: 'mapped',
    route: ROUTES.mapped,
    acceptedStatus: mapping.acceptedStatus,
    secretsIn: (setting) => splitSecrets(setting).filter(isUsable),
    secretProblem(setting) {
      if (splitSecrets(setting).every(isUsable)) return null;
      return proof.type === 'basic' ? 'must be user:password' : 'is not written as the mapping says (proof.secret)';
    },
    verify: (request, secrets, now) => verifyMapped(proof, request, secrets, now),
    parse: (json, request, now) => parseMapped(mapping, json, request, now),
    explain: (json, request, now) => explainMapped(mapping, json, request, now),
    connect: (deps) => connectMapped(mapping, settings, deps),
  };
}

/** The mapping that `CRM_MAPPING` names, whole. @throws SettingsError */
export function readMapping({ CRM_MAPPING: setting = '', CRM_SYNC_WHEN: gate }: AdapterSettings): CompiledMapping {
  const problem = (message: string) => ({ name: 'CRM_MAPPING', message });
  const loaded = loadMapping(setting);
  if ('problem' in loaded) throw new SettingsError([problem(loaded.problem)]);
  const compiled = compileMapping(loaded.json, gate);
  if ('problems' in compiled) throw new SettingsError(compiled.problems.map(problem));
  return compiled;
}
