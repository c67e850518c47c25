import type { RecordRef } from '../../shared/record/index.ts';
import { SAMPLE_ROWS } from '../nxt/index.ts';
import { waitUntilInSync, type Missing } from './in-sync.ts';
import { refText, type Attempts } from './log-lines.ts';
import { isWithCrm, summaryOf, SUMMARY_HEADER, type Known } from './summary.ts';
import type { Surroundings } from './surroundings.ts';
import { table } from './table.ts';

const TIMEOUT_MS = 90_000;

/** Sends the sample changes and tells what became of them; true when all are in sync. */
export async function sendSamples(surroundings: Surroundings, attempts: Attempts): Promise<boolean> {
  const { webhookUrl, runtime, crm } = surroundings;
  const started = Date.now();
  const seen = new Map<string, RecordRef>();
  let missing: readonly Missing[] = [];
  for await (const { text, refs } of crm.morning(webhookUrl)) {
    console.log(text);
    for (const ref of refs) seen.set(refText(ref), ref);
    missing = await waitUntilInSync(runtime, refs, TIMEOUT_MS);
    if (missing.length > 0) break;
  }
  const refs = [...seen.values()].sort((a, b) => b.kind.localeCompare(a.kind) || a.crmId.localeCompare(b.crmId));
  const records = await Promise.all(refs.map((ref) => know(surroundings, attempts, ref)));
  console.log(`\n${table([SUMMARY_HEADER, ...records.map((each) => summaryOf(each, crm))])}\n`);
  if (missing.length === 0) console.log(summary(surroundings, records, Date.now() - started));
  else {
    console.error(`Not in sync after ${Math.round((Date.now() - started) / 1000)} s:`);
    console.error(byReason(missing));
    console.error(`The log, ${surroundings.logFile}, says what was tried.`);
  }
  return missing.length === 0;
}

function byReason(missing: readonly Missing[]): string {
  return [...Map.groupBy(missing, ({ reason }) => reason)]
    .map(([reason, records]) => `  ${reason}\n    ${records.map(({ record }) => record).join(', ')}`)
    .join('\n');
}

async function know({ runtime, sandbox }: Surroundings, attempts: Attempts, ref: RecordRef): Promise<Known> {
  const state = (await runtime.sync.ledger.readState(ref))?.row ?? null;
  const row = sandbox.rows().find(({ associateNo }) => associateNo === state?.associateNo);
  return { ref, state, row, attempts: attempts.of(ref) };
}

function summary({ sandbox, crm }: Surroundings, records: readonly Known[], ms: number): string {
  const count = (outcome: string): number =>
    records.filter(({ attempts }) => attempts.some((attempt) => attempt.outcome === outcome)).length;
  const { read, create, update } = sandbox.requests.counts.operations;
  const withCrm = records.filter((each) => isWithCrm(each, crm)).length;
  return `In sync after ${(ms / 1000).toFixed(1)} s. ${records.length} records: ${count('created')} created, ${count('linked')} linked, ${count('updated')} updated, ${sandbox.doubles().length} doubled; numbers of ${withCrm} written back.
ERP: ${SAMPLE_ROWS.length} rows before, ${sandbox.rows().length} now, with ${read} reads, ${create} creates and ${update} updates.`;
}
