import type { RecordRef } from '../../../shared/record/index.ts';

/** One delivery of the sample morning: what is said about it, and which records it is about. */
export interface Told {
  readonly text: string;
  readonly refs: readonly RecordRef[];
}

/** A CRM on this machine, as `npm start` uses it. */
export interface LocalCrm {
  /** The name in `/api/webhooks/<route>`. */
  readonly route: string;
  readonly origin: string;
  /** The settings that make the functions work with it. */
  readonly settings: Readonly<Record<string, string>>;
  /** Something happens in the CRM and is told to the webhook; once it is in sync, the next thing happens. */
  morning(webhookUrl: string): AsyncIterable<Told>;
  /** Whether the CRM knows the number of the record's row. */
  hasNumber(ref: RecordRef, associateNo: number | null): boolean;
  stop(): Promise<void>;
}

export const CRMS = ['standard', 'hubspot', 'superoffice'] as const;
export type CrmName = (typeof CRMS)[number];
