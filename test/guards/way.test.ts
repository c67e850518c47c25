import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, it, onTestFinished } from 'vitest';
import * as z from 'zod';
import { startCrmSimulator } from '../../local/crm/index.ts';
import { startNxtSandbox } from '../../local/nxt/index.ts';
import { freshStorageAccount } from '../kit/azurite.ts';
import { WEBHOOK_SECRET } from '../kit/world.ts';

/** Whoever changes what happens to a change reads these files: no more than fit in a head. */
const MOST_FILES = 91;

const walks = z.record(z.enum(['intake', 'apply', 'writeBack']), z.record(z.string(), z.array(z.string())));

/** The way in words, for whoever wants to make it shorter: `WAY=1 npx vitest run test/guards/way.test.ts`. */
const described = (walked: z.infer<typeof walks>): string =>
  Object.entries(walked)
    .flatMap(([phase, files]) => [
      `${phase}: ${Object.keys(files).length} files, ${Object.values(files).flat().length} functions\n`,
      ...Object.entries(files).map(([file, names]) => `  ${file}: ${names.join(' ')}\n`),
    ])
    .join('');

it(`a new customer passes at most ${MOST_FILES} files on its way from the webhook to the CRM's numbers`, async () => {
  const [sandbox, crm] = await Promise.all([startNxtSandbox(), startCrmSimulator({ token: 'crm-token' })]);
  onTestFinished(async () => {
    await Promise.all([sandbox.stop(), crm.stop()]);
  });
  const { stdout } = await promisify(execFile)(process.execPath, [path.join(import.meta.dirname, 'way/walk.ts')], {
    env: {
      PATH: process.env['PATH'],
      AzureWebJobsStorage: await freshStorageAccount(),
      CRM_WEBHOOK_SECRET: WEBHOOK_SECRET,
      VISMA_CLIENT_ID: sandbox.clientId,
      VISMA_CLIENT_SECRET: 'sandbox-secret',
      VISMA_TOKEN_URL: sandbox.tokenUrl,
      NXT_GRAPHQL_URL: sandbox.graphqlUrl,
      NXT_COMPANY_NO: String(sandbox.companyNo),
      HASH_KEY: Buffer.alloc(32, 7).toString('base64'),
      CRM_API_URL: crm.origin,
      CRM_API_TOKEN: 'crm-token',
    },
  });
  // The last line; the program's own lines stand above it.
  const walked = walks.parse(JSON.parse(stdout.trim().split('\n').at(-1) ?? ''));
  if (process.env['WAY']) process.stdout.write(described(walked));
  const files = [...new Set(Object.values(walked).flatMap((each) => Object.keys(each)))].sort();
  expect(Object.values(walked).map((each) => Object.keys(each).length > 3)).toEqual([true, true, true]);
  expect(files.length, files.join('\n')).toBeLessThanOrEqual(MOST_FILES);
});
