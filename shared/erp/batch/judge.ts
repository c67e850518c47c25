import { Failure, type FailureCode } from '../../failure.ts';
import type { Columns } from '../associates/columns.ts';
import { columnName, probeDocument, updateDocument } from '../associates/documents.ts';
import type { Reply } from '../http/reply.ts';
import type { Operation, Transport } from '../http/transport.ts';
import type { OnVerdict } from '../http/verdict.ts';

/**
 * A firewall refuses a name, a server crashes over one row, a message quotes a value: what came back may be about the
 * records in the request, whatever its status says. So it is confirmed by a request that carries none of them.
 */
export interface Judge {
  /**
   * The failure that every record would meet, or null when the request's own records are the cause: the ERP answers
   * others. The flow hears of it either way.
   */
  judge(trouble: Trouble, operation: string, columns: Columns): Promise<Failure | null>;
  /** Tells the flow of a failure, and asks nobody as long as one is not many. */
  note(failure: Failure, operation: string, columns: Columns): void;
}

export type Trouble = Exclude<Reply, { readonly kind: 'answered' }>;

/**
 * What a request's own records may have caused. Limits, tokens and storage do not look at records, and a document that
 * the ERP calls invalid (`erp.schema`) holds no values.
 */
const DOUBTFUL: readonly FailureCode[] = [
  'erp.unauthorized',
  'erp.forbidden',
  'erp.no-company-access',
  'erp.unavailable',
  'erp.timeout',
  'erp.unreachable',
  'erp.unknown',
  'erp.unreadable',
];

export interface JudgeDeps {
  readonly transport: Transport;
  /** NXT_COMPANY_NO */
  readonly company: number;
  readonly onVerdict: OnVerdict;
}

export function createJudge({ transport, company, onVerdict }: JudgeDeps): Judge {
  const send = async (operation: Operation): Promise<Reply> => {
    const reply = await transport.send(await transport.enter(), async () => operation);
    if (reply === undefined) throw new Failure('bug.unexpected', { detail: 'a probe without an operation' });
    return reply;
  };
  const read = (columns: Columns): Promise<Reply> =>
    send({ name: 'associate_probe', document: probeDocument(columns), variables: { company }, isJudged: true });
  /** An update of no row with no values: it goes the way of every write and changes nothing. */
  const write = async (columns: Columns): Promise<Reply> => {
    const filters = [{ [columnName(columns, 'associateNo')]: { _eq: 0 } }];
    const variables = { company, filters, values: [{}] };
    const document = updateDocument(columns);
    const reply = await send({ name: 'associate_write_probe', document, variables, isJudged: true });
    // An ERP that does not like an empty update has answered all the same; whether it answers well, a read tells.
    return reply.kind === 'answered' && reply.answer.errors.length > 0 ? read(columns) : reply;
  };

  /** Of many requests that fail at the same time one probe tells. */
  const underWay = new Map<'read' | 'write', Promise<Failure | null>>();
  const probe = (kind: 'read' | 'write', columns: Columns): Promise<Failure | null> => {
    const running =
      underWay.get(kind) ??
      (kind === 'read' ? read : write)(columns)
        .then(inTheWay, (error: unknown) => (error instanceof Failure ? error : new Failure('bug.unexpected')))
        .finally(() => underWay.delete(kind));
    underWay.set(kind, running);
    return running;
  };

  const confirm = async (operation: string, columns: Columns): Promise<Failure | null> => {
    const found = await probe(operation === 'associate_find' ? 'read' : 'write', columns);
    // What stands in the way of the probe is what is certain.
    return found === null || found.scope === 'global' ? found : new Failure('erp.unavailable', found.details);
  };

  return {
    note: (failure, operation, columns) => onVerdict(operation, failure, () => confirm(operation, columns)),
    async judge({ kind, failure }, operation, columns) {
      const neverSent = kind === 'refused' && failure.code === 'erp.unreachable';
      if (neverSent || !DOUBTFUL.includes(failure.code)) {
        onVerdict(operation, failure);
        return failure;
      }
      const everybodys = await confirm(operation, columns);
      onVerdict(operation, everybodys);
      return everybodys;
    },
  };
}

function inTheWay(reply: Reply): Failure | null {
  if (reply.kind !== 'answered') return reply.failure;
  return reply.answer.errors.length === 0 ? null : new Failure('erp.unavailable', { detail: 'errors in every answer' });
}

/** The failure of a record whose request alone is answered badly: it spends an attempt, and is listed after some. */
export function recordsOwn({ code, details }: Failure): Failure {
  const { detail, traceId } = details;
  return new Failure('erp.request-failed', {
    detail: detail === undefined ? code : `${code}: ${detail}`,
    ...(traceId === undefined ? {} : { traceId }),
  });
}
