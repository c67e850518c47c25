/** `npm run test:faults`: see docs/faults.md. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { runEditCampaign } from './edit-campaign.ts';
import { report, reportEdits, reportSteps } from './report.ts';
import type { Site } from './site.ts';
import { runSteps } from './steps.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    events: { type: 'string', default: '10000' },
    hosts: { type: 'string', default: '3' },
    kills: { type: 'string', default: '30' },
    edits: { type: 'string', default: '600' },
    /** `random`, `steps` or `edits`; all when left out. */
    only: { type: 'string' },
    /** Steps of the scenarios whose name contains this. */
    scenario: { type: 'string', default: '' },
    keep: { type: 'boolean', default: false },
  },
});
const options = {
  seed: Number(values.seed),
  events: Number(values.events),
  hosts: Number(values.hosts),
  kills: Number(values.kills),
};
const began = Date.now();
const seconds = (): number => Math.round((Date.now() - began) / 1000);
const say = (text: string): void => console.log(`${String(seconds()).padStart(5)} s  ${text}`);

/** Its folder stays when there is something to look at. */
function end({ folder }: Site, violations: number): void {
  if (violations > 0) process.exitCode = 1;
  else if (!values.keep) rmSync(folder, { recursive: true, force: true });
}

const isAsked = (part: string): boolean => values.only === undefined || values.only === part;

if (isAsked('random')) {
  say(`seed ${options.seed}: ${options.events} events, ${options.hosts} hosts, ${options.kills} kills`);
  const result = await runCampaign(options, say);
  await result.site.stop();
  console.log(report(options, result, seconds()));
  end(result.site, result.violations.length);
}
if (isAsked('edits')) {
  const edits = Number(values.edits);
  const kills = Math.ceil(options.kills / 2);
  say(`seed ${options.seed}: ${edits} edits in both systems, ${options.hosts} hosts, ${kills} kills`);
  const result = await runEditCampaign({ ...options, edits, kills }, say);
  await result.site.stop();
  console.log(reportEdits(options.seed, result, seconds()));
  end(result.site, result.wrong.length);
}
if (isAsked('steps')) {
  say('SIGKILL before and after every effect');
  const result = await runSteps({ seed: options.seed, only: values.scenario }, say);
  await result.site.stop();
  console.log(reportSteps(result, seconds()));
  end(result.site, result.violations.length);
}
