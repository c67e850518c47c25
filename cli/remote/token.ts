import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { UsageError } from '../context.ts';

/** Of the app registration that guards the console: `api://<CONSOLE_CLIENT_ID>`. */
const RESOURCE = 'CONSOLE_CLIENT_ID';

/**
 * A token of whoever is signed in to the Azure command line. The app on this machine needs none: it signs its user in by
 * itself, as `npm start` says. @throws UsageError
 */
export async function azToken(url: string): Promise<string> {
  if (/^http:\/\/(?:127\.0\.0\.1|localhost)(?::|\/|$)/.test(url)) return '';
  const client = process.env[RESOURCE] ?? '';
  if (client === '') {
    throw new UsageError(
      `error: set ${RESOURCE} to the client id of the console’s app registration (docs/setup.md, Console)`,
    );
  }
  try {
    const { stdout } = await promisify(execFile)('az', [
      'account',
      'get-access-token',
      '--resource',
      `api://${client}`,
      '--query',
      'accessToken',
      '--output',
      'tsv',
    ]);
    return stdout.trim();
  } catch {
    throw new UsageError(
      `error: no token: run \`az login\`, then \`az account get-access-token --resource api://${client}\``,
    );
  }
}
