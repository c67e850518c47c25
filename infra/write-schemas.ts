import { mkdir, writeFile } from 'node:fs/promises';
import { eventsSchema, openApi } from './openapi.ts';

/** `node infra/write-schemas.ts`: writes docs/schema/ anew from the schemas the program parses with. */
const folder = new URL('../docs/schema/', import.meta.url);

/** File name → text, as it stands in docs/schema/. */
export const schemaFiles = (): Readonly<Record<string, string>> => ({
  'events.json': toText(eventsSchema()),
  'openapi.json': toText(openApi()),
});

const toText = (document: object): string => `${JSON.stringify(document, null, 2)}\n`;

if (import.meta.main) {
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(schemaFiles())) await writeFile(new URL(name, folder), text);
}
