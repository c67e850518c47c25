/** `npm run test:faults`: see docs/faults.md. */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { runCampaign } from './campaign.ts';
import { report } from './report.ts';

const { values } = parseArgs({
  options: {
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    events: { type: 'string', default: '10000' },
    hosts: { type: 'string', default: '3' },
    kills: { type: 'string', default: '30' },
    keep: { type: 'boolean', default: false },
  },
});
const options = {
  seed: Number(values.seed),
  events: Number(values.events),
  hosts: Number(values.hosts),
  kills: Number(values.kills),
};
console.log(`seed ${options.seed}: ${options.events} events, ${options.hosts} hosts, ${options.kills} kills`);
const began = Date.now();
const seconds = (): number => Math.round((Date.now() - began) / 1000);
const result = await runCampaign(options, (text) => console.log(`${String(seconds()).padStart(5)} s  ${text}`));
await result.site.stop();
console.log(report(options, result, seconds()));
if (result.violations.length > 0) process.exitCode = 1;
else if (!values.keep) rmSync(result.site.folder, { recursive: true, force: true });
