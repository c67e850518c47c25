import type { AdapterSettings } from './adapter-settings.ts';
import type { Source } from './source.ts';
import { standard } from './standard/index.ts';

/**
 * The source that `CRM_ADAPTER` names; each is loaded when it is the one.
 * @throws SettingsError for a mapping that cannot be used.
 */
export async function createSource(settings: AdapterSettings): Promise<Source> {
  switch (settings.CRM_ADAPTER) {
    case 'standard':
      return standard(settings);
    case 'hubspot':
      return (await import('./hubspot/index.ts')).hubspot(settings);
    case 'superoffice':
      return (await import('./superoffice/index.ts')).superoffice(settings);
    case 'mapped':
      return (await import('./mapped/index.ts')).mapped(settings);
  }
}
