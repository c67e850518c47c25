import type { ExitCode, Session } from '../context.ts';
import type { JsonFlags } from '../flags.ts';

const SIGNS = { done: '✓ made', already: '✓ there', 'by-hand': '→ by hand', failed: '✗' } as const;

/** Each step as it went; 1 when one failed. */
export async function setUpCrm({ context, runtime }: Session, flags: JsonFlags): Promise<ExitCode> {
  const { source, crm } = await runtime();
  if (crm?.setUp === undefined) {
    context.err(`CRM_ADAPTER=${source.adapter}: nothing in the CRM has to be set up by this command`);
    return 1;
  }
  const steps = await crm.setUp();
  for (const step of steps) context.out(flags.json ? JSON.stringify(step) : `${SIGNS[step.is]}  ${step.what}`);
  return steps.some(({ is }) => is === 'failed') ? 1 : 0;
}
