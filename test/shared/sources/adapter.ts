import * as z from 'zod';
import { adapterSettings, type AdapterSettings } from '../../../shared/sources/adapter-settings.ts';

/** The settings of an adapter, defaults filled in, as a deployment would have them. */
export const adapterSettingsOf = (given: Readonly<Record<string, string | undefined>>): AdapterSettings =>
  z.object({ ...adapterSettings, CRM_API_URL: z.string().optional() }).parse(given);
