import type { CrmId, Kind, RecordRef } from '../record/index.ts';
import type { Gate } from '../erp/index.ts';
import type { Personal } from '../privacy/index.ts';
import type { RecordNumbers } from '../store/index.ts';
import type { CrmAnswer } from './answer.ts';

/** One record as the CRM holds it now. */
export type CrmRecord =
  | {
      readonly is: 'found';
      /** In the shape of `data` in a change event (docs/events.md), raw: it is normalised before anything else happens. */
      readonly data: Readonly<Record<string, unknown>>;
      /** The record's own time of change, UTC ISO 8601. */
      readonly modifiedAt: string;
      /** False: `CRM_SYNC_WHEN` keeps it from creating a row in the ERP. */
      readonly mayCreate: boolean;
    }
  | { readonly is: 'gone' }
  | { readonly is: 'merged'; readonly into: CrmId };

/** A record that was changed, and when: UTC ISO 8601. */
export interface ChangedRecord {
  readonly ref: RecordRef;
  readonly modifiedAt: string;
}

/** Which record, and the numbers its CRM is to know. */
export type NumbersToSend = RecordNumbers & { readonly ref: RecordRef };

export interface CrmPage {
  readonly items: readonly Readonly<Record<string, unknown>>[];
  /** `''` after the last page. */
  readonly next: string;
}

/**
 * What a record holds in the fields of a write: `as-known`: what the write was decided on; `written`: its values, all of
 * them; `newer`: something of the CRM's own, of which nobody has been told yet.
 */
export type Holds = 'as-known' | 'written' | 'newer';

/** Fields of one record that its CRM is to have as the ERP has them. */
export interface FieldWrite {
  readonly ref: RecordRef;
  /** By the name of the field in a change event; `''` is never sent. */
  readonly fields: Readonly<Record<string, Personal>>;
  /** The version that the CRM gave the record's newest known snapshot; null where it sends none. */
  readonly version: number | null;
  /** The same for every try of one change. */
  readonly idempotencyKey: string;
  /** @param data the record as the CRM has it now, in the shape of `data` in a change event, raw. */
  readonly holds: (data: Readonly<Record<string, unknown>>) => Promise<Holds>;
}

/** `unfit`: nothing was written, because the CRM's own fields cannot hold the values of these. */
export type FieldsAnswer = CrmAnswer | 'newer' | { readonly unfit: readonly string[] };

/** One step of a set-up, for the person who runs it. */
export interface SetUpStep {
  readonly is: 'done' | 'already' | 'by-hand' | 'failed';
  readonly what: string;
}

/**
 * A CRM as this program reads and writes it. @throws Failure `crm.unavailable`, `crm.rate-limited` (tried again) or
 * `crm.unauthorized` (a person mends the set-up), from every method.
 */
export interface CrmApi {
  /** Brings the ERP's numbers to the record. */
  writeNumbers(record: NumbersToSend): Promise<CrmAnswer>;
  /**
   * Brings changed fields of the ERP's to the record. `newer`: the record is not any more as the values were decided on:
   * by its version, or, where the CRM has none, by what it `holds` just before. Left out where no field can be written.
   */
  writeFields?(write: FieldWrite): Promise<FieldsAnswer>;
  /** Whether `writeFields` knows how; left out: all fields. */
  canWrite?(kind: Kind, field: string): boolean;
  /**
   * All records of a kind, page by page, in the shape of `data` in a change event; null where the CRM offers no list.
   * @param after `next` of the page before; `''` for the first.
   */
  listRecords?(kind: Kind, after: string): Promise<CrmPage | null>;
  /** One record as the CRM has it now, in the shape of `data` in a change event; null where it has none, or offers no such read. */
  readRecord?(ref: RecordRef): Promise<Readonly<Record<string, unknown>> | null>;
  /** What only CRMs have whose events are touches. */
  readonly reading?: CrmReading;
  /** Properties, fields and subscriptions this program needs in the CRM: made where they can be, else named. */
  setUp?(): Promise<readonly SetUpStep[]>;
}

export interface CrmReading {
  readonly mostPerRead: number;
  /** Every id that was asked for is in the answer. At most `mostPerRead` ids. */
  read(kind: Kind, ids: readonly CrmId[]): Promise<ReadonlyMap<CrmId, CrmRecord>>;
  /** The customer's contacts. */
  contactsOf(customer: CrmId): Promise<readonly CrmId[]>;
  /** Records changed at `since` (UTC ISO 8601) or later, oldest first where the CRM can sort. Deletions do not show. */
  changedSince(kind: Kind, since: string): AsyncIterable<ChangedRecord>;
  /** Looks after the CRM's side of the webhook; what was mended, for the log, or null. */
  watch?(): Promise<string | null>;
  /** A gate is set: some records may not create rows in the ERP. */
  readonly isGated: boolean;
}

export type SourceSecret =
  'crm-webhook-secret' | 'superoffice-client-secret' | 'superoffice-system-user-token' | 'superoffice-private-key';

export interface CrmApiDeps {
  /** `crm-api-token`. */
  readonly token: () => Promise<string>;
  readonly forgetToken: () => void;
  /** Another secret of the source's. */
  readonly secret: (name: SourceSecret) => Promise<string>;
  /** Keeps the CRM's limits for all instances together, at so many requests a minute. */
  readonly gate: (requestsPerMinute: number) => Gate;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly fetch?: typeof fetch;
}
