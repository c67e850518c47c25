import type { Engine } from '../../shared/engine.ts';
import { UNVERIFIED } from './unverified.ts';

/**
 * What nobody has seen documented of Visma Business NXT, as this company's schema and model say it: text to be pasted
 * into an issue. It reads only, and holds nothing of any row.
 */
export async function probeText({ erp, settings }: Pick<Engine, 'erp' | 'settings'>): Promise<string> {
  const facts = await erp.facts();
  const { NXT_GRAPHQL_URL: service } = settings;
  return JSON.stringify({ service, ...facts, open: UNVERIFIED.map(({ fact }) => fact) }, null, 2);
}
