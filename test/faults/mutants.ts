import type { RecordRows, StateRow, Stored } from '../../shared/store/index.ts';
import { Failure } from '../../shared/failure.ts';
import type { Mutant } from './small-world.ts';

/** Each takes one guard out, and nothing else. The campaign must notice. */

/** Whoever comes gets the lease, and the fence behind it lets everybody write. */
export const withoutLease: Mutant = (deps) => {
  const { ledger } = deps;
  const unleased = (state: Stored<StateRow>): Stored<StateRow> => ({ ...state, row: { ...state.row, leaseUntil: '' } });
  const newest = async (over: Stored<StateRow>): Promise<Stored<StateRow>> =>
    (await ledger.readState(over.row.ref)) ?? over;
  return {
    ...deps,
    ledger: {
      ...ledger,
      async read(ref) {
        const { pending, state } = await ledger.read(ref);
        return { pending, state: state && unleased(state) };
      },
      async writeState(row, over) {
        return ledger.writeState(row, over === null ? await ledger.readState(row.ref) : await newest(over));
      },
      async save(row, over, also) {
        return ledger.save(row, await newest(over), also);
      },
    },
  };
};

/** Whatever comes counts as newer than what was applied: nothing is remembered of it. */
export const withoutVersionCheck: Mutant = (deps) => {
  const { ledger } = deps;
  return {
    ...deps,
    ledger: {
      ...ledger,
      async read(ref): Promise<RecordRows> {
        const { pending, state } = await ledger.read(ref);
        return { pending, state: state && { ...state, row: { ...state.row, applied: null, appliedSeen: [] } } };
      },
      async readState(ref) {
        const state = await ledger.readState(ref);
        return state && { ...state, row: { ...state.row, applied: null, appliedSeen: [] } };
      },
    },
  };
};

/** Nothing is found by the id that was written into the row. */
export const withoutLook: Mutant = (deps) => ({
  ...deps,
  erp: {
    ...deps.erp,
    async find(selector) {
      const rows = await deps.erp.find(selector);
      return rows.filter((row) => row.externalId !== selector.externalId || row.associateNo === selector.associateNo);
    },
  },
});

/** A write leaves without a note that it was sent, so that a lost answer leaves no doubt. */
export const withoutDoubt: Mutant = (deps) => ({
  ...deps,
  ledger: {
    ...deps.ledger,
    writeState: (row, over) => deps.ledger.writeState({ ...row, intent: null }, over),
  },
});

/** Of two records with one organisation number nobody waits for the other, and a row may be linked twice. */
export const withoutClaims: Mutant = (deps) => ({
  ...deps,
  ledger: {
    ...deps.ledger,
    claimUntil: async (what) => ({ what, etag: '' }),
    releaseClaim: async () => undefined,
    claimAssociate: async () => true,
  },
});

/** The change counts as applied first, and the link is saved afterwards. */
export const linkLast: Mutant = (deps) => {
  const { ledger } = deps;
  return {
    ...deps,
    ledger: {
      ...ledger,
      async save(row, over, also) {
        const { associateNo, customerNo, createdHere } = over.row;
        const done = await ledger.save({ ...row, associateNo, customerNo, createdHere }, over, also);
        if (done === 'conflict' || row.associateNo === associateNo) return done;
        const saved = await ledger.readState(row.ref);
        if (saved) {
          await ledger.writeState(
            { ...saved.row, associateNo: row.associateNo, customerNo: row.customerNo, createdHere: row.createdHere },
            saved,
          );
        }
        return done;
      },
    },
  };
};

/** What one record's request meets is taken for what everybody meets. */
export const withoutJudge: Mutant = (deps) => {
  const everybodys = (error: unknown): Failure | null =>
    error instanceof Failure && error.code === 'erp.request-failed' ? new Failure('erp.forbidden') : null;
  return {
    ...deps,
    erp: {
      ...deps.erp,
      async create(row, beforeSend) {
        try {
          const outcome = await deps.erp.create(row, beforeSend);
          if (outcome.kind !== 'lost') return outcome;
          return { ...outcome, cause: everybodys(outcome.cause) ?? outcome.cause };
        } catch (error) {
          throw everybodys(error) ?? error;
        }
      },
    },
  };
};

/** The state as it is read is changed. */
const reading =
  (change: (row: StateRow) => StateRow): Mutant =>
  (deps) => {
    const { ledger } = deps;
    const changed = (state: Stored<StateRow> | null) => state && { ...state, row: change(state.row) };
    return {
      ...deps,
      ledger: {
        ...ledger,
        async read(ref): Promise<RecordRows> {
          const { pending, state } = await ledger.read(ref);
          return { pending, state: changed(state) };
        },
        readState: async (ref) => changed(await ledger.readState(ref)),
      },
    };
  };

/** What the CRM took is not remembered. */
export const withoutEchoMemory: Mutant = reading((row) => ({
  ...row,
  wayBack: {
    ...row.wayBack,
    sent: Object.fromEntries(Object.entries(row.wayBack.sent).filter(([, { answeredAt }]) => answeredAt === '')),
  },
}));

/** What is sent to the CRM counts as in sync before the CRM has answered. */
export const baseBeforeAnswer: Mutant = reading((row) => {
  const tried = Object.entries(row.wayBack.sent).filter(([, { isTried }]) => isTried);
  const values = Object.fromEntries(tried.map(([field, { value }]) => [field, value]));
  return { ...row, hashes: { ...row.hashes, ...values } };
});

/** A write whose answer is lost leaves nothing of what was in sync before it. */
export const withoutBaseInDoubt: Mutant = reading((row) => ({ ...row, wayBack: { ...row.wayBack, inDoubt: {} } }));

/** Updates go out whatever the row holds by then. */
export const withoutOldValues: Mutant = (deps) => ({
  ...deps,
  erp: { ...deps.erp, update: (no, values, beforeSend) => deps.erp.update(no, values, beforeSend) },
});
