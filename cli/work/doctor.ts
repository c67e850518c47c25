import type { ExitCode, Session } from '../context.ts';
import { checkLines, type Check } from '../doctor/check.ts';
import { examine } from '../doctor/examine.ts';
import { UNVERIFIED } from '../doctor/unverified.ts';
import type { JsonFlags } from '../flags.ts';
import { jsonLines } from '../text.ts';

export async function runDoctor(
  { context: { out }, runtime, isVerbose, goesOn }: Session,
  flags: JsonFlags & { readonly probe?: boolean },
): Promise<ExitCode> {
  if (flags.probe) {
    const { probeText } = await import('../doctor/probe.ts');
    out(await probeText(await runtime()));
    return 0;
  }
  const checks: Check[] = [];
  for await (const check of examine(await runtime())) {
    goesOn();
    checks.push(check);
    if (flags.json) jsonLines(out, [check]);
    else out(checkLines(check).join('\n'));
  }
  const isBad = checks.some(({ is }) => is === 'bad');
  if (flags.json) return isBad ? 1 : 0;
  if (isVerbose) {
    out('\nNot verified about Visma Business NXT, and what this program does about it:');
    for (const { fact, handling } of UNVERIFIED) out(`? ${fact}\n    ${handling}`);
  }
  out(isBad ? '\nSomething is wrong: see ✗ above.' : '\nAll checks passed.');
  return isBad ? 1 : 0;
}
