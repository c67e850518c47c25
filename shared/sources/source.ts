import { type ParsedChanges, parseChanges } from '../record/index.ts';
import { matchesProof, readProof, type SignedRequest } from './standard/standard-webhook.ts';

/** A kind of sender, by the name in its route: how it proves who it is, what it sends, what it wants to hear. */
export interface Source {
  readonly name: string;
  /** `secrets` is asked for only when the request looks like one of the source's. Its errors pass through. */
  verify(request: SignedRequest, secrets: () => Promise<readonly string[]>, now: Date): Promise<boolean>;
  parse(body: unknown, now: Date): ParsedChanges;
  /** The status when every event is stored. */
  readonly acceptedStatus: number;
}

/** A CRM that speaks this program's own events and signs by Standard Webhooks. */
export const crm: Source = {
  name: 'crm',
  async verify(request, secrets, now) {
    const proof = readProof(request, now);
    return proof !== null && matchesProof(proof, request.body, await secrets());
  },
  parse: parseChanges,
  acceptedStatus: 202,
};

const SOURCES: readonly Source[] = [crm];

export const findSource = (name: string): Source | undefined => SOURCES.find((source) => source.name === name);
