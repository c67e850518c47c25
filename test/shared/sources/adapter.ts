import * as z from 'zod';
import { adapterSettings, type AdapterSettings } from '../../../shared/sources/adapter-settings.ts';

const schema = z.object({ ...adapterSettings, CRM_API_URL: z.string().optional() });

/** The settings of an adapter, defaults filled in, as a deployment would have them. */
export const adapterSettingsOf = (given: Readonly<Record<string, string | undefined>>): AdapterSettings =>
  schema.parse(given);
