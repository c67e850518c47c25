import type { FailureCode } from '../../failure.ts';
import type { FlowStatus } from '../../flow/index.ts';
import type { PrivacyTexts } from './privacy.ts';
import type { RecordEvent, RecordStands, ReplayResult } from '../../sync/index.ts';

/** What a code means and what mends it. */
export interface Explained {
  readonly meaning: string;
  readonly action: string;
}

type Stopped = Extract<FlowStatus, { is: 'stopped' }>;

/** Everything the console says; each language has exactly this. */
export interface Texts {
  readonly language: string;
  readonly title: string;
  readonly skip: string;
  readonly otherLanguage: string;
  readonly signedInAs: (name: string, mayAct: boolean) => string;
  readonly nav: {
    readonly label: string;
    readonly state: string;
    readonly needs: string;
    readonly find: string;
    readonly which: string;
    readonly planned: string;
    readonly privacy: string;
    readonly audit: string;
  };
  readonly state: {
    readonly inSync: string;
    readonly onTheirWay: (count: number) => string;
    readonly paused: (count: number, by: string) => string;
    readonly away: (count: number, next: string) => string;
    readonly mend: (count: number) => string;
    readonly needs: (count: number) => string;
    readonly plan: (count: number) => string;
    readonly silent: string;
    readonly perMinute: string;
    readonly perMinuteText: (total: number, most: number) => string;
    readonly lag: string;
    readonly lagText: (seconds: string) => string;
    readonly noChart: string;
    readonly numbers: string;
    readonly queues: string;
    readonly erp: string;
    readonly crm: string;
    readonly open: string;
    readonly pausedSince: (since: string, by: string) => string;
    readonly stopped: (status: Stopped, since: string) => string;
    readonly oldest: string;
    readonly waiting: string;
    readonly waitingFor: (customers: number, attempts: number) => string;
    readonly planned: string;
    readonly limit: string;
    readonly limitText: (perMinute: number, inProgress: number) => string;
    readonly secrets: string;
    readonly secretsFine: string;
    readonly secretsUnknown: string;
    readonly secretExpires: (name: string, at: string) => string;
    readonly pause: string;
    readonly resume: string;
    readonly pauseHint: string;
    readonly updated: string;
  };
  readonly needs: {
    readonly title: string;
    readonly nothing: string;
    readonly count: (count: number) => string;
    readonly oldest: (time: string) => string;
    readonly replaying: (count: number) => string;
    readonly fix: string;
    readonly show: (count: number) => string;
    readonly underWay: (by: string, at: string) => string;
    readonly note: string;
    readonly noteHint: string;
    readonly saveNote: string;
    readonly records: string;
    readonly since: string;
    readonly rows: string;
    readonly where: string;
    readonly state: string;
    readonly expired: string;
    readonly beingReplayed: string;
    readonly replay: string;
    readonly replayHint: string;
    readonly discard: string;
    readonly discardHint: string;
    readonly release: string;
    readonly try: string;
    readonly confirm: (count: number) => string;
    readonly confirmDiscard: (count: number) => string;
    readonly estimate: (count: number, minutes: string) => string;
    readonly would: string;
    readonly done: string;
    readonly left: (count: number) => string;
    readonly changed: string;
    readonly older: string;
    readonly page: (from: number, to: number, of: number) => string;
    readonly next: string;
    readonly previous: string;
    readonly results: Readonly<Record<ReplayResult | 'discarded' | 'would-discard', string>>;
    readonly last: string;
    readonly group: string;
  };
  readonly find: {
    readonly title: string;
    readonly label: string;
    readonly hint: string;
    readonly submit: string;
    readonly nothing: string;
    readonly inErp: string;
    readonly known: string;
    readonly unlinked: string;
    readonly erpAway: string;
    readonly customers: string;
    readonly person: string;
  };
  readonly record: {
    readonly title: (name: string) => string;
    readonly stands: Readonly<Record<RecordStands, string>>;
    readonly events: Readonly<Record<RecordEvent['what'], string>>;
    readonly timeline: string;
    readonly link: string;
    readonly noLink: string;
    readonly actorNumber: string;
    readonly customerNumber: string;
    readonly contactOf: string;
    readonly createdHere: string;
    readonly numbersOwed: string;
    readonly expired: string;
    readonly stuck: (version: number) => string;
    readonly values: string;
    readonly valuesHint: string;
    readonly reason: string;
    readonly show: string;
    readonly field: string;
    readonly inCrm: string;
    readonly inErp: string;
    readonly notKept: string;
    readonly differs: string;
    readonly same: string;
    readonly linkTo: string;
    readonly linkHint: string;
    readonly linkButton: string;
    readonly unlink: string;
    readonly unlinkHint: string;
    readonly create: string;
    readonly createHint: string;
    readonly free: string;
    readonly freed: string;
    readonly settled: string;
    readonly linked: (associateNo: number) => string;
    readonly unlinked: string;
    readonly refused: string;
  };
  readonly which: {
    readonly title: string;
    readonly nothing: string;
    readonly hint: string;
    readonly show: string;
    readonly record: string;
    readonly candidates: string;
    readonly choice: string;
    readonly linkTo: (associateNo: number) => string;
    readonly none: string;
    readonly later: string;
    readonly submit: string;
    readonly done: (count: number) => string;
    readonly overwritten: string;
    readonly linkedTo: (record: string) => string;
  };
  readonly planned: {
    readonly title: string;
    readonly nothing: string;
    readonly hint: string;
    readonly sent: (count: number) => string;
    readonly apply: string;
    readonly all: string;
  };
  readonly privacy: PrivacyTexts;
  readonly audit: {
    readonly title: string;
    readonly nothing: string;
    readonly when: string;
    readonly who: string;
    readonly what: string;
    readonly records: string;
    readonly results: string;
    readonly selection: string;
    readonly reason: string;
    readonly unfinished: string;
  };
  readonly readOnly: string;
  readonly reasonLabel: string;
  readonly reasonHint: string;
  readonly back: string;
  readonly problem: Readonly<
    Record<'cross-site' | 'expired' | 'no-role' | 'unknown' | 'not-found' | 'bad' | 'away', string>
  >;
  readonly age: (milliseconds: number) => string;
  /** Codes that the failure table has no text for in this language are said in English. */
  readonly failures: Partial<Record<FailureCode, Explained>>;
}
