import { z } from 'zod';
import type { RegisteredFunction } from './function-app.ts';
import { resolveSettings } from './resolve-settings.ts';

const http = z.object({
  type: z.literal('httpTrigger'),
  authLevel: z.string().default('function'),
  methods: z.array(z.string().toUpperCase()).default(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']),
  route: z.string().optional(),
});
const queue = z.object({
  type: z.literal('queueTrigger'),
  queueName: z.string().min(3),
  connection: z.string().default(''),
  dataType: z.string().nullish(),
});
const timer = z.object({
  type: z.literal('timerTrigger'),
  schedule: z.string().min(1),
  runOnStartup: z.boolean().default(false),
});
const trigger = z.discriminatedUnion('type', [http, queue, timer]);

export type Trigger = z.infer<typeof trigger>;

/** The trigger of a function and the name of its binding, with `%SETTING%` resolved. Refuses what this host cannot do. */
export function readTrigger(
  fn: RegisteredFunction,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly bindingName: string; readonly trigger: Trigger } {
  const { name, bindings, retryOptions } = fn.metadata;
  const refuse = (what: string): never => {
    throw new Error(`function ${name}: ${what} is not supported by this host`);
  };
  const all = Object.entries(bindings);
  const [found, ...more] = all.filter(([, binding]) => binding.type?.endsWith('Trigger'));
  if (found === undefined || more.length > 0) return refuse('anything but exactly one trigger');
  if (retryOptions !== undefined && retryOptions !== null) return refuse('a retry policy');
  const other = all.find(([bindingName, binding]) => bindingName !== found[0] && binding.type !== 'http');
  if (other !== undefined) return refuse(`the binding type ${other[1].type ?? ''}`);
  const texts = Object.entries(found[1]).map(([key, value]): [string, unknown] => [
    key,
    typeof value === 'string' ? resolveSettings(value, environment) : value,
  ]);
  const result = trigger.safeParse(Object.fromEntries(texts));
  if (!result.success) throw new Error(`function ${name}: ${z.prettifyError(result.error)}`);
  return { bindingName: found[0], trigger: result.data };
}
