import { ADAPTERS, ROUTES } from './adapter-settings.ts';
import type { Source } from './source.ts';

/** Stands in while the settings are wrong: its route is there, and nothing proves that it comes from the CRM. */
export function unconfiguredSource(adapter: string | undefined): Source {
  const name = ADAPTERS.find((each) => each === adapter) ?? 'standard';
  return {
    adapter: name,
    route: ROUTES[name],
    acceptedStatus: 202,
    secretsIn: () => [],
    secretProblem: () => null,
    verify: () => false,
    parse: async () => ({ ok: true, changes: [], ignored: [] }),
    connect: () => null,
  };
}
