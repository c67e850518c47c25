import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { CampaignOptions, CampaignResult } from './campaign.ts';
import type { Violation } from './check.ts';
import type { EditCampaignResult } from './edit-campaign.ts';
import type { EndState } from './end-state.ts';
import type { HistoryEvent } from './history.ts';
import type { SentRequest } from './crm.ts';
import type { Site } from './site.ts';
import type { StepsResult } from './steps.ts';

const SHOWN = 5;

/** What came of it, for a person; and of the first few violations everything that is known of the record. */
export function report(options: CampaignOptions, result: CampaignResult, seconds: number): string {
  const { history, requests, site, violations, end } = result;
  const counts = site.erp.requests.counts;
  const count = (...kinds: readonly Violation['is'][]) => violations.filter(({ is }) => kinds.includes(is)).length;
  const statuses = Map.groupBy(
    requests.flatMap((request) => request.statuses),
    (status) => status,
  );
  const failures = Map.groupBy(end.failed.values(), ({ code }) => code);
  const lines = [
    `seed       ${options.seed}`,
    `events     ${history.events.length}, sent ${history.sent.length} with repeats`,
    `202        ${requests.length} requests (${requests.reduce((sum, { tries }) => sum + tries - 1, 0)} tries more)`,
    `answers    ${[...statuses].map(([status, all]) => `${all.length} ${status}`).join(', ')}`,
    `deaths     ${site.hosts.map((host) => host.deaths).join(' + ')} of ${options.hosts} hosts`,
    `ERP        ${counts.http.graphql} requests: ${counts.rows.create} creates, ${counts.rows.update} updates`,
    `CRM        ${site.crm.calls} write-backs`,
    `failed     ${[...failures].map(([code, all]) => `${all.length} ${code}`).join(', ') || 'none'}`,
    `waiting    ${end.pending.size - end.failed.size}`,
    `lost       ${count('lost')}`,
    `doubled    ${count('doubled')}`,
    `stale      ${count('stale', 'write-back')}`,
    `misjudged  ${count('failed', 'poison', 'outbox')}`,
    `in sync    ${result.seconds} s after the last fault`,
    `duration   ${seconds} s`,
  ];
  const shown = violations
    .slice(0, SHOWN)
    .map((violation) => historyOf(violation, { ...result, events: history.events }));
  return [...lines, ...shown, violations.length === 0 ? 'ok' : `${violations.length} violations`].join('\n');
}

/** The same for people's edits in both systems. */
export function reportEdits(
  seed: number,
  { counts, wrong, seconds: waited }: EditCampaignResult,
  seconds: number,
): string {
  const lines = [
    `seed       ${seed}`,
    `edits      ${counts.edits}`,
    `written    ${counts.toErp} to the ERP, ${counts.toCrm} to the CRM`,
    `asked      ${counts.asked} fields wait for a person`,
    `lost       answers of the CRM about ${counts.unheard} records`,
    `deaths     ${counts.deaths}`,
    `in sync    ${waited} s after the last fault`,
    `duration   ${seconds} s`,
  ];
  const shown = wrong.slice(0, SHOWN);
  return [...lines, ...shown, wrong.length === 0 ? 'ok' : `${wrong.length} violations`].join('\n');
}

/** The same for the kills at named steps. */
export function reportSteps(
  { reached, missed, violations, site, events, end, seconds: waited }: StepsResult,
  seconds: number,
): string {
  const lines = [
    `steps      ${reached.length} reached, ${missed.length} not (the scenario has fewer of that kind)`,
    `deaths     ${site.hosts.map((host) => host.deaths).join(' + ')}`,
    `in sync    ${waited} s after the last`,
    `duration   ${seconds} s`,
  ];
  const shown = violations.slice(0, SHOWN).map((violation) => {
    const id = violation.record.split('-').at(-1);
    const step = [...reached, ...missed].find((each) => each.id === id);
    const details = historyOf(violation, { events, requests: [], site, end });
    return `${details}\n  killed at ${step?.at ?? '?'} of “${step?.scenario.name ?? '?'}”`;
  });
  return [...lines, ...shown, violations.length === 0 ? 'ok' : `${violations.length} violations`].join('\n');
}

/** All that happened to one record: what was sent and answered, and what the hosts said about it. */
interface Run {
  readonly events: readonly HistoryEvent[];
  readonly requests: readonly SentRequest[];
  readonly site: Site;
  readonly end: EndState;
}

function historyOf({ is, record, what }: Violation, { events: all, requests, site, end }: Run): string {
  const [kind = '', crmId = ''] = record.split('|');
  const events = all.filter((event) => event.kind === kind && event.crmId === crmId);
  const answers = requests.flatMap(({ at, events: sent, statuses }) =>
    sent.flatMap((event, n) =>
      event.kind === kind && event.crmId === crmId
        ? [`  ${new Date(at).toISOString()} ${event.id} ${event.op} → ${statuses[n]}`]
        : [],
    ),
  );
  return [
    '',
    `${is}: ${record}: ${what}`,
    ...events.map((event) => `  happened ${event.id} ${event.op} ${event.customer ?? ''} ${event.refused ?? ''}`),
    ...answers.sort(),
    ...linesAbout(site, crmId),
    `  state ${JSON.stringify(end.states.get(record) ?? null)}`,
    `  pending ${JSON.stringify(end.pending.get(record) ?? null)}`,
    `  failed ${JSON.stringify(end.failed.get(record) ?? null)}`,
    ...end.rows
      .filter((row) => row.externalId === `crm:${kind}:${crmId}`)
      .map(
        ({ associateNo, name, contactForAssociateNo }) => `  row ${associateNo} ${name} of ${contactForAssociateNo}`,
      ),
    ...(end.numbers ? [`  told ${JSON.stringify(end.numbers.get(record) ?? null)}`] : []),
  ].join('\n');
}

function linesAbout(site: Site, crmId: string): readonly string[] {
  return site.hosts
    .flatMap(({ name }) =>
      readFileSync(path.join(site.folder, `${name}.log`), 'utf8')
        .split('\n')
        .filter((line) => line.includes(`"${crmId}"`) || line.includes(`\\"${crmId}\\"`))
        .map((line) => `  ${name} ${line}`),
    )
    .slice(-40);
}
