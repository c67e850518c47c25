import type { AssociateNo, RecordRef } from '../record/index.ts';
import type { Rows } from '../store/index.ts';
import type { Actor, SyncDeps } from '../sync/index.ts';
import { access, type AccessAnswer } from './access.ts';
import { erase, finishErasure, undoErasure, type Erased } from './erase.ts';
import { findPerson, type PersonQuery } from './find-person.ts';
import { proof, type Proof } from './proof.ts';
import { createReceipts, type Receipt, type Requester } from './receipts.ts';
import { privacyReport, type PrivacyReport } from './report.ts';
import { decideObjection, restrict, unrestrict, type Held } from './restrict.ts';

/** Whose request it is: the kind of person, and the number of the case in the company's own system. */
export interface Request {
  readonly requester: Requester;
  readonly reference: string;
}

/** Whom a query finds, before anything is done. */
export interface Found {
  readonly records: readonly RecordRef[];
  readonly associateNos: readonly AssociateNo[];
}

/**
 * The rights of the people behind the records, for the command line, the API and the console. Each is noted in the audit
 * list before it is done, and leaves a receipt; neither holds a personal value. The one answer that does is `access`.
 */
export interface Rights {
  find(query: PersonQuery): Promise<Found>;
  access(
    query: PersonQuery,
    request: Request,
    actor: Actor,
  ): Promise<{ readonly answer: AccessAnswer; readonly receipt: Receipt }>;
  erase(query: PersonQuery, request: Request, actor: Actor): Promise<Erased>;
  /** Null when there is no such receipt, or it is of another right. */
  finishErasure(id: string): Promise<Pick<Erased, 'receipt' | 'underWay'> | null>;
  undoErasure(
    ref: RecordRef,
    request: Request,
    actor: Actor,
  ): Promise<{ readonly receipt: Receipt; readonly lifted: number }>;
  restrict(ref: RecordRef, request: Request, actor: Actor): Promise<Receipt>;
  unrestrict(ref: RecordRef, held: Held, request: Request, actor: Actor): Promise<Receipt>;
  object(ref: RecordRef, request: Request, actor: Actor): Promise<Receipt>;
  /** Null when there is no such objection. */
  decide(id: string, decision: 'granted' | 'rejected', request: Request, actor: Actor): Promise<Receipt | null>;
  proof(ref: RecordRef): Promise<Proof>;
  receipts(): Promise<readonly Receipt[]>;
  receipt(id: string): Promise<Receipt | null>;
  report(): Promise<PrivacyReport>;
}

/** How a query is named where values may not stand. */
const meant = (query: PersonQuery): string => {
  if (query.by === 'record') return `${query.ref.kind}:${query.ref.crmId}`;
  return query.by === 'actor-number' ? `actor number ${query.associateNo}` : `a person, by ${query.by}`;
};

export function createRights(deps: SyncDeps, control: Rows): Rights {
  const receipts = createReceipts(control, deps.now);
  const textOf = ({ kind, crmId }: RecordRef): string => `${kind}:${crmId}`;
  const audited = <T>(action: string, selection: string, actor: Actor, work: () => Promise<T>): Promise<T> =>
    deps.audit.during({ ...actor, action: `privacy.${action}`, selection }, async () => ({
      value: await work(),
      count: 1,
      results: {},
    }));
  const by = (request: Request, actor: Actor) => ({ ...request, by: actor.by });

  return {
    async find(query) {
      const { refs, rows } = await findPerson(deps, query);
      return { records: refs, associateNos: rows.map(({ associateNo }) => associateNo) };
    },
    access: (query, request, actor) =>
      audited('access', meant(query), actor, async () => {
        const answer = await access(deps, query);
        const begun = await receipts.begin({
          ...by(request, actor),
          right: 'access',
          records: answer.heldHere.map(({ record }) => record),
          associateNos: answer.heldInErp.map(({ actorNumber }) => actorNumber),
        });
        const done = { recordsHeldHere: answer.heldHere.length, rowsHeldInErp: answer.heldInErp.length };
        const changes = { done, endedAt: answer.at };
        return { answer, receipt: (await receipts.change(begun.id, changes)) ?? begun };
      }),
    erase: (query, request, actor) =>
      audited('erase', meant(query), actor, () => erase(deps, receipts, query, by(request, actor))),
    async finishErasure(id) {
      const receipt = await receipts.read(id);
      return receipt?.right === 'erasure' ? finishErasure(deps, receipts, receipt) : null;
    },
    undoErasure: (ref, request, actor) =>
      audited('erase.undo', textOf(ref), actor, () => undoErasure(deps, receipts, ref, by(request, actor))),
    restrict: (ref, request, actor) =>
      audited('restrict', textOf(ref), actor, () => restrict(deps, receipts, ref, by(request, actor))),
    unrestrict: (ref, held, request, actor) =>
      audited(`unrestrict.${held}`, textOf(ref), actor, () =>
        unrestrict(deps, receipts, ref, held, by(request, actor)),
      ),
    object: (ref, request, actor) =>
      audited('object', textOf(ref), actor, () => restrict(deps, receipts, ref, by(request, actor), 'objection')),
    decide: (id, decision, request, actor) =>
      audited(`decide.${decision}`, id, actor, () => decideObjection(deps, receipts, id, decision, by(request, actor))),
    proof: (ref) => proof(deps, ref),
    receipts: () => receipts.list(),
    receipt: (id) => receipts.read(id),
    report: () => privacyReport(deps, receipts),
  };
}
