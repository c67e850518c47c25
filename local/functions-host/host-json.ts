import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { withHostJsonOverrides } from './host-json-overrides.ts';
import { parseTimeSpan } from './time-span.ts';

const milliseconds = z.string().transform((text, context) => {
  const value = parseTimeSpan(text);
  if (value !== undefined) return value;
  context.addIssue({ code: 'custom', message: 'a time span such as 00:00:30' });
  return z.NEVER;
});

const wholeNumber = (from: number, to: number) => z.coerce.number().int().min(from).max(to);

/** Defaults: https://learn.microsoft.com/azure/azure-functions/functions-bindings-storage-queue#host-json */
const queues = z
  .object({
    batchSize: wholeNumber(1, 32).default(16),
    newBatchThreshold: wholeNumber(0, 10_000).optional(),
    maxDequeueCount: wholeNumber(1, 1_000_000).default(5),
    visibilityTimeout: milliseconds.default(0),
    maxPollingInterval: milliseconds.pipe(z.number().min(100)).default(60_000),
    messageEncoding: z.enum(['base64', 'none']).default('base64'),
  })
  .transform((given) => ({ ...given, newBatchThreshold: given.newBatchThreshold ?? Math.floor(given.batchSize / 2) }));

const hostJson = z.object({
  version: z.literal('2.0'),
  /** Milliseconds; `-1` in the file means no limit. */
  functionTimeout: z
    .literal('-1')
    .transform(() => Infinity)
    .or(milliseconds)
    .default(30 * 60_000),
  extensions: z
    .object({
      http: z.object({ routePrefix: z.string().default('api') }).prefault({}),
      queues: queues.prefault({}),
    })
    .prefault({}),
  logging: z.object({ logLevel: z.record(z.string(), z.string()).default({}) }).prefault({}),
});

export type HostJson = z.infer<typeof hostJson>;
export type QueueOptions = HostJson['extensions']['queues'];

/** Reads and checks host.json, with `AzureFunctionsJobHost__…` settings laid over it as the real host does. */
export async function readHostJson(
  directory: string,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<HostJson> {
  const file = path.join(directory, 'host.json');
  const result = hostJson.safeParse(withHostJsonOverrides(JSON.parse(await readFile(file, 'utf8')), environment));
  if (!result.success) throw new Error(`${file}: ${z.prettifyError(result.error)}`);
  return result.data;
}
