import type { CrmApi, CrmApiDeps } from '../crm/index.ts';
import type { Change, FieldProblem } from '../record/index.ts';
import type { AdapterName } from './adapter-settings.ts';

/** The parts of a request that its proof covers or consists of. */
export interface SignedRequest {
  /** Null when there is no such header. Names are in lower case. */
  readonly header: (name: string) => string | null;
  /** The bytes as received: JSON that was parsed and written again has another signature. */
  readonly body: Uint8Array;
}

/**
 * What a request says. `ignored` are the ids of events that are none of this program's business: they are answered as
 * taken, because a sender repeats what it thinks was refused. Every pointer points into the request.
 */
export type ParsedEvents =
  | {
      readonly ok: true;
      readonly changes: readonly Change[];
      readonly ignored: readonly string[];
      /** Of the changes, those that `CRM_SYNC_WHEN` keeps from creating a row in the ERP. */
      readonly keptOut?: readonly Change[];
    }
  | { readonly ok: false; readonly tooMany: true }
  | { readonly ok: false; readonly tooMany: false; readonly problems: readonly FieldProblem[] };

export interface Explained {
  readonly pointer: string;
  /** The event in the form of docs/events.md; null where there is none. */
  readonly event: object | null;
  /** Why there is none. */
  readonly reason: string;
}

/**
 * A CRM: where its webhooks come in, how it proves who it is, what it sends and wants to hear, and how it is read and
 * written. A source owns its settings (adapter-settings.ts), its secret's form and its part of the doctor's checks.
 */
export interface Source {
  readonly adapter: AdapterName;
  /** The name in `/api/webhooks/<route>`. */
  readonly route: string;
  /** The status when every event is stored. */
  readonly acceptedStatus: number;
  /** The webhook secrets in a setting, several while one replaces another; those that could never match are left out. */
  readonly secretsIn: (setting: string | null) => readonly string[];
  /** What is wrong with their form; null when nothing is. Never repeats any of it. */
  readonly secretProblem: (setting: string) => string | null;
  verify(request: SignedRequest, secrets: readonly string[], now: Date): boolean;
  parse(json: unknown, request: SignedRequest, now: Date): Promise<ParsedEvents>;
  /** How each event of a request was understood, for whoever writes a mapping: its pointer, and what it became. */
  readonly explain?: (json: unknown, request: SignedRequest, now: Date) => Promise<readonly Explained[]>;
  /** How the CRM is read and written; null where no API is set. */
  connect(deps: CrmApiDeps): CrmApi | null;
}
